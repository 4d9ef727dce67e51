/** @file Routes for those who run the service: is it alive, is it ready, what does it do; and logging in with a browser. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { requireWritable } from "../../core/files.ts";
import { answers, type Api, contents } from "../api/requests.ts";
import type { ServiceContext } from "../context.ts";
import { COOKIE } from "../security/guard.ts";
import type { TokenFile } from "../security/tokens.ts";

const tags = ["system"];
const fine = z.object({ status: z.literal("ok") });

/** Adds the routes. @param tokens undefined where none is needed. */
export async function systemRoutes(api: Api, context: ServiceContext, tokens: TokenFile | undefined): Promise<void> {
  api.get("/health", { schema: { tags, summary: "The service answers.", response: answers(fine) } }, async () => ({
    status: "ok" as const,
  }));
  api.get(
    "/ready",
    { schema: { tags, summary: "Queue and disk can be used; 5xx where not.", response: answers(fine) } },
    async () => {
      await context.queue.counts();
      await requireWritable(context.data);
      return { status: "ok" as const };
    },
  );
  metrics(api, context);
  login(api, tokens);
}

function metrics(api: Api, { queue }: ServiceContext): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const jobs = new Gauge({
    name: "tsumugi_jobs",
    help: "Jobs by state",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      for (const [state, number] of Object.entries(await queue.counts())) this.set({ state }, number);
    },
  });
  registry.registerMetric(jobs);
  const seconds = new Histogram({
    name: "tsumugi_http_seconds",
    help: "Time to answer requests",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers: [registry],
  });
  api.addHook("onResponse", async ({ method, routeOptions }, reply) => {
    seconds.observe({ method, route: routeOptions.url ?? "none", status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  api.get(
    "/metrics",
    { schema: { tags, summary: "Numbers for Prometheus.", response: contents(registry.contentType) } },
    async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}

function login(api: Api, tokens: TokenFile | undefined): void {
  api.post(
    "/api/login",
    {
      config: { rateLimit: { max: 30, timeWindow: "1 minute" } },
      schema: {
        tags,
        summary: "Keeps a token in a cookie, for pages.",
        body: z.strictObject({ token: z.string().max(200) }),
        response: answers(z.object({ name: z.string() })),
      },
    },
    async ({ body, protocol }, reply) => {
      const known = await tokens?.verify(body.token);
      if (tokens !== undefined && known === undefined)
        throw new UserError("service/token", { what: "this is no valid token" });
      const safe = `HttpOnly; SameSite=Strict; Path=/${protocol === "https" ? "; Secure" : ""}`;
      if (known !== undefined) void reply.header("set-cookie", `${COOKIE}=${body.token}; ${safe}`);
      return { name: known?.name ?? "local" };
    },
  );
}
