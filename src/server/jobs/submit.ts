/** @file Puts what is asked for into the queue. */
import { rm } from "node:fs/promises";
import { newId } from "../ids.ts";
import type { Job, JobQueue } from "./queue.ts";
import { type JobTaskName, type Places, workOf } from "./references.ts";

/** A request for a job. */
export interface JobRequest {
  readonly name: JobTaskName;
  /** With references instead of paths. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly priority: number;
  readonly retries: number;
  readonly key?: string | undefined;
  readonly owner: string;
}

/**
 * @returns the job, and whether it is a new one, see `JobQueue.add`.
 * @throws UserError those of `workOf` and `JobQueue.add`
 */
export async function submit(
  request: JobRequest,
  { queue, ...places }: Places & { readonly queue: JobQueue },
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  const id = newId();
  const forget = (): Promise<void> => rm(places.folderOf(id), { recursive: true, force: true });
  try {
    const work = await workOf(request.name, request.asked, id, places);
    const added = await queue.add({ id, ...request, ...work });
    if (!added.isNew) await forget();
    return added;
  } catch (error) {
    await forget();
    throw error;
  }
}
