/** @file Server-sent events (WHATWG HTML, section 9.2): what happens to jobs, from where a reader was. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { type Api, contents, idOf } from "../api/requests.ts";
import type { ServiceContext } from "../context.ts";
import type { JobEvent, JobQueue } from "../jobs/queue.ts";
import type { HidePaths } from "../security/hiddenPaths.ts";

/** How often the queue is asked while somebody listens, ms; other processes write into it as well. */
const EVERY = 150;
/** A comment is sent after so long without an event, so that proxies and readers know that the line is alive, ms. */
const SILENCE = 15_000;
const AT_ONCE = 500;

const query = z.object({
  job: idOf.exactOptional().describe("Only events of this job."),
  after: z.coerce.number().int().min(0).exactOptional().describe("As Last-Event-ID, for those who cannot send it."),
});

/** Adds the route. @param closing aborted when the server stops. */
export async function eventRoutes(api: Api, { queue, hide }: ServiceContext, closing: AbortSignal): Promise<void> {
  api.get(
    "/api/events",
    {
      schema: {
        tags: ["events"],
        summary: "Server-sent events of jobs.",
        description:
          "Event names are state, progress and log, their data an Event as JSON. Without Last-Event-ID and after only what happens from now on is sent. An event `missed` says that older events are gone: read the jobs again.",
        querystring: query,
        response: contents("text/event-stream"),
      },
    },
    async (request, reply) => {
      const { job, after = lastEventId(request) } = request.query;
      const range = await queue.eventRange();
      const from = after ?? range.last;
      reply.hijack();
      begin(reply);
      if (from < range.first - 1 || from > range.last) reply.raw.write("event: missed\ndata: {}\n\n");
      const start = from > range.last ? range.last : from;
      await stream(reply, queue, { job, from: start, closing, hide });
    },
  );
}

function lastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers["last-event-id"];
  return typeof given === "string" && /^\d+$/u.test(given) ? Number(given) : undefined;
}

function begin(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  // Readers connect again after a second.
  reply.raw.write("retry: 1000\n\n");
}

interface Listening {
  readonly job: string | undefined;
  readonly from: number;
  readonly closing: AbortSignal;
  readonly hide: HidePaths;
}

async function stream({ raw }: FastifyReply, queue: JobQueue, { job, from, closing, hide }: Listening): Promise<void> {
  const left = new AbortController();
  raw.on("close", () => left.abort());
  const signal = AbortSignal.any([left.signal, closing]);
  let [last, spoken] = [from, Date.now()];
  while (!signal.aborted) {
    // While a queue on another machine is away, readers wait with the service.
    const events = await queue.events(last, AT_ONCE, job).catch(() => []);
    if (events.length > 0 || Date.now() - spoken > SILENCE) {
      spoken = Date.now();
      const isTaken = raw.write(events.length > 0 ? hide(events).map(text).join("") : ":\n\n");
      // A slow reader is waited for, so that nothing piles up for it.
      if (!isTaken) await new Promise<void>((resolve) => raw.once("drain", resolve).once("close", resolve));
    }
    last = events.at(-1)?.id ?? last;
    if (events.length < AT_ONCE) await setTimeout(EVERY, undefined, { signal }).catch(() => {});
  }
  raw.end();
}

/** JSON has no line breaks, so an event's data is one line. */
const text = (event: JobEvent): string => `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
