/** @file Training runs: which there are, beginning one, stopping it and going on. */
import { signal } from "@preact/signals";
import { api, ask, onlyOnce } from "../api/client.ts";
import { Followed } from "../api/followed.ts";
import type { Job } from "../api/types.ts";
import { type Training, trainingsOf } from "./trainingsOf.ts";

/** How often what is learned is scored, and samples are drawn, minutes. */
const SCORED = 5;

async function jobsOf(task: "train" | "resume"): Promise<readonly Job[]> {
  return (await ask(api.GET("/api/jobs", { params: { query: { task, limit: 100 } } }))).jobs;
}

export class Trainings extends Followed {
  readonly all = signal<readonly Training[] | undefined>(undefined);

  constructor() {
    super();
    const isOwn = (job: string): boolean => this.all.peek()?.some(({ latest }) => latest.id === job) === true;
    this.follow(({ kind, job }) => kind !== "progress" || isOwn(job));
  }

  async read(): Promise<void> {
    await this.trying(async () => {
      this.all.value = trainingsOf(await jobsOf("train"), await jobsOf("resume"));
    });
  }

  async begin(clips: Iterable<string>, minutes: number, init: "default" | "none"): Promise<void> {
    const footage = Array.from(clips, (id) => `clip:${id}`);
    await this.ask({
      task: "train",
      footage,
      config: { minutes, init, sampleMinutes: SCORED },
      scoreOn: footage.slice(0, 1),
    });
  }

  async goOn({ id, begun }: Training): Promise<void> {
    const { scoreOn = [] } = begun.task;
    await this.ask({ task: "resume", run: `job:${id}`, scoreOn });
  }

  private async ask(task: { readonly task: "train" | "resume"; readonly [key: string]: unknown }): Promise<void> {
    await this.trying(async () => {
      await ask(api.POST("/api/jobs", { body: { task }, headers: onlyOnce() }));
      await this.read();
    });
  }

  async stop({ latest }: Training): Promise<void> {
    await this.trying(async () => {
      await ask(api.POST("/api/jobs/{job}/cancel", { params: { path: { job: latest.id } } }));
      await this.read();
    });
  }
}
