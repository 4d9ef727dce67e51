/** @file `tsumugi serve`: the HTTP server, and workers for its jobs. */
import { realpath } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { availableParallelism, hostname } from "node:os";
import { UserError } from "../core/errors.ts";
import { FileLock } from "../core/fileLock.ts";
import { type Logger, silent } from "../core/log.ts";
import type { Machine } from "../core/machine.ts";
import { join } from "node:path";
import { openContext, openQueue, type ServiceContext } from "./context.ts";
import { jobFolder, JobWorker } from "./jobs/worker.ts";
import { type GuardOptions, isLoopback } from "./security/guard.ts";
import { TokenFile } from "./security/tokens.ts";
import { buildServer } from "./server.ts";

/** What is served. */
export interface ServeOptions {
  /** Folders (or single clips) that may be read. */
  readonly folders: readonly string[];
  /** The service's own folder: uploads, labels, sessions, jobs. */
  readonly data: string;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Jobs at the same time; 0: others work, see `runWorkers`. */
  readonly workers: number;
  readonly machine: Machine;
  readonly logger: Logger;
  /** Further host names that requests may be addressed to. */
  readonly allowHosts?: readonly string[];
  /** A token is needed even where only this machine can connect. */
  readonly requireToken?: boolean;
  /** Requests from one address in a minute. Default 60,000: a page that plays asks for many frames. */
  readonly perMinute?: number;
  /** The folder of the studio's pages, see `STUDIO_PAGES`. Default: only the API. */
  readonly pages?: string;
  /** Default 20 GiB. */
  readonly maxUploadBytes?: number;
  /** See `WorkerOptions`. */
  readonly beat?: number;
}

const DEFAULT_UPLOAD_BYTES = 20 * 1024 ** 3;

/** A service that listens. */
export interface Service extends AsyncDisposable {
  /** `http://127.0.0.1:4400` */
  readonly url: string;
}

/**
 * Starts a service. Its end is graceful: running jobs save what they have and go back to the queue.
 * @throws UserError `service/port`, `lock/busy`, and those of `openContext`
 */
export async function serve(options: ServeOptions): Promise<Service> {
  const { folders, data, host = "127.0.0.1", port, workers, logger, maxUploadBytes = DEFAULT_UPLOAD_BYTES } = options;
  const closers: Closer[] = [];
  try {
    const context = await openContext(folders, data);
    closers.push(() => context[Symbol.asyncDispose]());
    // One server a folder: it alone writes labels and uploads. Any number of processes may work.
    const lock = await FileLock.acquire(join(context.data, "server.lock"), data);
    closers.push(() => lock[Symbol.asyncDispose]());
    const api = await buildServer(context, {
      workers,
      maxUploadBytes,
      logger,
      pages: options.pages,
      ...(await guardOf(options, context.data)),
    });
    closers.push(() => api.close());
    await api.listen({ host, port }).catch((error: unknown) => {
      throw cannotListen(host, port, error as NodeJS.ErrnoException);
    });
    const jobs = startWorkers(context, options);
    closers.push(() => jobs[Symbol.asyncDispose]());
    const { port: bound } = api.server.address() as AddressInfo;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
    return { url, [Symbol.asyncDispose]: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/**
 * The OpenAPI document of a service, without one that listens.
 * @param data a folder that is made, and may be deleted afterwards.
 */
export async function openApiDocument(data: string): Promise<object> {
  const context = await openContext([], data);
  const guard = { hosts: [], isOpen: false, tokens: undefined, perMinute: 1 };
  const api = await buildServer(context, { workers: 0, maxUploadBytes: 1, logger: silent, ...guard });
  const document = api.swagger();
  await closeAll([() => context[Symbol.asyncDispose](), () => api.close()]);
  return document;
}

/** Which work is done, without a server. */
export type WorkOptions = Pick<ServeOptions, "data" | "workers" | "machine" | "logger" | "beat">;

/**
 * Workers without a server, for the folder of a service in another process.
 * @throws UserError `service/missing`, `service/packages`, `service/data`
 */
export async function runWorkers(options: WorkOptions): Promise<AsyncDisposable> {
  const data = await realpath(options.data).catch(() => {
    throw new UserError("service/missing", {
      what: `there is no service in ${options.data}`,
      todo: "give the folder that tsumugi serve has as --data",
    });
  });
  const queue = openQueue(data);
  const jobs = startWorkers({ queue, folderOf: (job) => jobFolder(data, job) }, options);
  return {
    [Symbol.asyncDispose]: () => closeAll([() => queue[Symbol.asyncDispose](), () => jobs[Symbol.asyncDispose]()]),
  };
}

/** Who can be reached from other machines wants tokens. @throws UserError `service/token` where there is none yet */
async function guardOf(options: ServeOptions, data: string): Promise<GuardOptions> {
  const { host = "127.0.0.1", allowHosts = [], requireToken = false, perMinute = 60_000 } = options;
  const isOpen = !isLoopback(host);
  const hosts = [...allowHosts, ...(isOpen ? [host, hostname()] : [])];
  if (!isOpen && !requireToken) return { hosts, isOpen, perMinute, tokens: undefined };
  const tokens = new TokenFile(data);
  if ((await tokens.list()).length === 0)
    throw new UserError("service/token", {
      what: isOpen ? `${host} can be reached by others, and there is no token` : "tokens are wanted, and there is none",
      todo: `make one first: tsumugi token create NAME --data ${options.data}`,
    });
  return { hosts, isOpen, perMinute, tokens };
}

type Closer = () => PromiseLike<void>;

/** The last opened is closed first. */
async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

function startWorkers(
  { queue, folderOf }: Pick<ServiceContext, "queue" | "folderOf">,
  { workers, machine, logger, beat }: WorkOptions,
): AsyncDisposable {
  const threads = machine.threads ?? Math.max(1, Math.floor(availableParallelism() / Math.max(1, workers)));
  const each = { queue, folderOf, machine: { ...machine, threads }, logger, ...(beat !== undefined && { beat }) };
  const running = Array.from({ length: workers }, (_, slot) => new JobWorker(each, slot));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((worker) => worker.stop()));
    },
  };
}

function cannotListen(host: string, port: number, error: NodeJS.ErrnoException): UserError {
  const isTaken = error.code === "EADDRINUSE";
  return new UserError(
    "service/port",
    {
      what: `cannot listen on ${host}:${port}: ${isTaken ? "another program does" : error.message}`,
      todo: isTaken ? "choose another port with --port, or stop the other program" : "check --host and --port",
    },
    error,
  );
}
