/** @file `tsumugi serve`: the HTTP server, and workers for its jobs. */
import { realpath } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { UserError } from "../core/errors.ts";
import { FileLock } from "../core/fileLock.ts";
import { silent } from "../core/log.ts";
import type { Machine } from "../core/machine.ts";
import { join } from "node:path";
import { openContext, openQueue, type QueueChoice, type ServiceContext } from "./context.ts";
import { jobFolder, JobWorker } from "./jobs/worker.ts";
import { closeAll, type Closer, guardOf, listen, type Listening } from "./listening.ts";
import { buildServer } from "./server.ts";

/** What is served. */
export interface ServeOptions extends Listening, QueueChoice {
  /** Folders (or single clips) that may be read. */
  readonly folders: readonly string[];
  /** The service's own folder: uploads, labels, sessions, jobs. */
  readonly data: string;
  /** Jobs at the same time; 0: others work, see `runWorkers`. */
  readonly workers: number;
  readonly machine: Machine;
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
  const { folders, data, workers, logger, maxUploadBytes = DEFAULT_UPLOAD_BYTES } = options;
  const closers: Closer[] = [];
  try {
    const context = await openContext(folders, data, options);
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
    const url = await listen(api, options);
    const jobs = startWorkers(context, options);
    closers.push(() => jobs[Symbol.asyncDispose]());
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
  const context = await openContext([], data, { logger: silent });
  const guard = { hosts: [], isOpen: false, tokens: undefined, perMinute: 1 };
  const api = await buildServer(context, { workers: 0, maxUploadBytes: 1, logger: silent, ...guard });
  const document = api.swagger();
  await closeAll([() => context[Symbol.asyncDispose](), () => api.close()]);
  return document;
}

/** Which work is done, without a server. */
export type WorkOptions = Pick<ServeOptions, "data" | "queue" | "workers" | "machine" | "logger" | "beat">;

/**
 * Workers without a server, for the folder of a service in another process.
 * @throws UserError `service/missing`, `service/packages`, `service/data`, `service/queue`
 */
export async function runWorkers(options: WorkOptions): Promise<AsyncDisposable> {
  const data = await realpath(options.data).catch(() => {
    throw new UserError("service/missing", {
      what: `there is no service in ${options.data}`,
      todo: "give the folder that tsumugi serve has as --data",
    });
  });
  const queue = await openQueue(data, options);
  const jobs = startWorkers({ queue, folderOf: (job) => jobFolder(data, job) }, options);
  return {
    [Symbol.asyncDispose]: () => closeAll([() => queue[Symbol.asyncDispose](), () => jobs[Symbol.asyncDispose]()]),
  };
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
