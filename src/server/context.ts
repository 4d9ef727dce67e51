/** @file Everything that the routes of a service work with. */
import { makeFolders } from "../core/files.ts";
import { join } from "node:path";
import type { Logger } from "../core/log.ts";
import { ClickThread } from "./clicks/clickThread.ts";
import { ClipList } from "./clips/clipList.ts";
import { FrameThread } from "./clips/frameThread.ts";
import { openRoots, type Root } from "./clips/roots.ts";
import type { Places } from "./jobs/references.ts";
import { SqliteQueue } from "./jobs/sqliteQueue.ts";
import type { JobQueue } from "./jobs/queue.ts";
import { jobFolder } from "./jobs/worker.ts";
import { LabelStore } from "./labels/labelStore.ts";
import { type HidePaths, pathHider } from "./security/hiddenPaths.ts";
import { SessionList } from "./sessions/sessionList.ts";
import { SiteList } from "./sites/siteList.ts";
import { realpath } from "node:fs/promises";

/** A service's folders, queue and threads. */
export interface ServiceContext extends Places, AsyncDisposable {
  readonly uploads: Root;
  readonly queue: JobQueue;
  readonly frames: FrameThread;
  readonly clicks: ClickThread;
  /** For what is sent to people. */
  readonly hide: HidePaths;
}

/** Which queue a service has. */
export interface QueueChoice {
  /** `redis://…` for workers on several machines, see `RedisQueueOptions`. Default: an SQLite file in the service's folder. */
  readonly queue?: string | undefined;
  readonly logger: Logger;
}

/** The queue of a service. @throws UserError `service/packages`, `service/data`, `service/queue` */
export async function openQueue(data: string, { queue, logger }: QueueChoice): Promise<JobQueue> {
  if (queue === undefined) return new SqliteQueue(join(data, "service.sqlite"));
  const { RedisQueue } = await import("./jobs/redis/redisQueue.ts");
  return RedisQueue.open({ address: queue, logger });
}

/**
 * Opens what a service works with.
 * @param folders that may be read.
 * @param data the service's own folder; made where it is missing.
 * @throws UserError `service/missing`, `service/packages`, `service/data`, `service/queue`
 */
export async function openContext(
  folders: readonly string[],
  data: string,
  choice: QueueChoice,
): Promise<ServiceContext> {
  await makeFolders(join(data, "uploads"));
  const own = await realpath(data);
  const uploads: Root = { name: "uploads", path: join(own, "uploads") };
  const roots = [...(await openRoots(folders, own, [uploads.name])), uploads];
  const queue = await openQueue(own, choice);
  const frames = new FrameThread();
  const clicks = new ClickThread();
  return {
    data: own,
    roots,
    uploads,
    queue,
    frames,
    clicks,
    hide: pathHider(roots, own),
    clips: new ClipList(roots),
    sessions: new SessionList(join(own, "sessions")),
    sites: new SiteList(join(own, "sites")),
    labelsOf: (clip) => new LabelStore(join(own, "labels", clip)),
    folderOf: (job) => jobFolder(own, job),
    async [Symbol.asyncDispose]() {
      await frames.close();
      await clicks[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
    },
  };
}
