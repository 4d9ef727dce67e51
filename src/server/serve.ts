/** @file `tsumugi serve`: the HTTP server, and workers for its jobs. */
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { UserError } from "../core/errors.ts";
import { FileLock } from "../core/fileLock.ts";
import type { Logger } from "../core/log.ts";
import type { Machine } from "../core/machine.ts";
import { join } from "node:path";
import { openContext, type ServiceContext } from "./context.ts";
import { JobWorker } from "./jobs/worker.ts";
import { isLoopback } from "./security/guard.ts";
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
    const hosts = [...(isLoopback(host) ? [] : [host]), ...(options.allowHosts ?? [])];
    const api = await buildServer(context, { workers, maxUploadBytes, logger, hosts });
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

/** Workers without a server, for a folder that a service in another process uses. @throws UserError as `openContext` */
export async function runWorkers(options: Omit<ServeOptions, "port">): Promise<AsyncDisposable> {
  const context = await openContext(options.folders, options.data);
  const jobs = startWorkers(context, options);
  return {
    [Symbol.asyncDispose]: () => closeAll([() => context[Symbol.asyncDispose](), () => jobs[Symbol.asyncDispose]()]),
  };
}

type Closer = () => PromiseLike<void>;

/** The last opened is closed first. */
async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

function startWorkers(
  { queue, folderOf }: ServiceContext,
  { workers, machine, logger, beat }: Omit<ServeOptions, "port">,
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
