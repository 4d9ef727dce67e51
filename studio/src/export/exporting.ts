/** @file Converting what was tracked to a format of another tool, by a job, and downloading it. */
import { signal } from "@preact/signals";
import { get, send, ServiceError } from "../api/client.ts";
import type { Clip, Job, LabelledObject } from "../api/types.ts";

/** Formats that are one file, with the ending of its name. */
export const EXPORT_FORMATS = {
  coco: "json",
  "youtube-vis": "json",
  "cvat-video": "xml",
  "label-studio": "json",
  mot: "txt",
  "mots-txt": "txt",
  "points-csv": "csv",
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

const LOOK_EVERY_MS = 400;

/** A file to download. */
export interface Download {
  readonly href: string;
  readonly name: string;
}

export class Exporting {
  readonly format = signal<ExportFormat>("coco");
  readonly isMaking = signal(false);
  readonly download = signal<Download | undefined>(undefined);
  readonly problem = signal("");

  /** Names of objects are their classes; those without stay as they are. */
  async make(session: string, { id: clip, name }: Clip, objects: readonly LabelledObject[]): Promise<void> {
    const to = this.format.peek();
    this.isMaking.value = true;
    this.download.value = undefined;
    this.problem.value = "";
    try {
      const file = `${to}.${EXPORT_FORMATS[to]}`;
      const task = {
        task: "convert",
        input: `session:${session}`,
        video: `clip:${clip}`,
        to,
        out: file,
        objects: classesOf(objects),
      };
      const key = { "idempotency-key": crypto.randomUUID() };
      const { id } = await send<Job>("POST", "/api/jobs", { task, priority: 1 }, key);
      const { state, error } = await ended(id);
      if (state === "done")
        this.download.value = { href: `/api/jobs/${id}/files/${file}`, name: `${plain(name)}-${file}` };
      else this.problem.value = error === null ? state : [error.what, error.todo].filter(Boolean).join("; ");
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.problem.value = error.message;
    } finally {
      this.isMaking.value = false;
    }
  }
}

const classesOf = (objects: readonly LabelledObject[]) =>
  objects.flatMap(({ id, name }) => (name === undefined ? [] : [{ id, class: name }]));

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = await get<Job>(`/api/jobs/${id}`);
    if (job.state !== "queued" && job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Without the ending, and without what file systems do not take. */
const plain = (name: string): string => name.replace(/\.\w{2,4}$/u, "").replaceAll(/[^\p{L}\p{N} ._-]+/gu, "_");
