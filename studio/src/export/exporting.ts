/** @file Converting what was tracked to a format of another tool, by a job, and downloading it. */
import { signal } from "@preact/signals";
import { api, ask, client, onlyOnce, ServiceError } from "../api/client.ts";
import type { Clip, LabelledObject } from "../api/types.ts";

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
        task: "convert" as const,
        input: `session:${session}`,
        video: `clip:${clip}`,
        to,
        out: file,
        objects: classesOf(objects),
      };
      const { id } = await ask(api.POST("/api/jobs", { body: { task, priority: 1 }, headers: onlyOnce() }));
      const { state, error } = await client.ended(id);
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

/** Without the ending, and without what file systems do not take. */
const plain = (name: string): string => name.replace(/\.\w{2,4}$/u, "").replaceAll(/[^\p{L}\p{N} ._-]+/gu, "_");
