/** @file A site that is shown: its state as the service has it, followed while jobs work on it. */
import { signal } from "@preact/signals";
import { api, ask, onlyOnce } from "../api/client.ts";
import { followJobs } from "../api/events.ts";
import type { JobEvent, Site, SiteModels, SitePlan, SiteReport } from "../api/types.ts";
import { language } from "../texts/texts.ts";
import { messageOf } from "./messages.ts";
import { isAtWork } from "./words.ts";

/** How often a state is read while a job tells how far it is, ms. */
const EVERY = 500;

/** Steps that can be asked for, with what they need. */
export type SiteStep =
  | { readonly step: "run"; readonly adaptMinutes: number; readonly tuneMinutes: number }
  | { readonly step: "adapt"; readonly minutes: number };

export class SiteWatch implements Disposable {
  readonly site = signal<Site | undefined>(undefined);
  readonly plan = signal<SitePlan["frames"]>([]);
  readonly models = signal<SiteModels | undefined>(undefined);
  /** Undefined before it was read; null: there is none. */
  readonly report = signal<SiteReport | null | undefined>(undefined);
  readonly problem = signal("");
  private readonly id: string;
  private readonly ends = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.id = id;
    const read = (): void => void this.read();
    addEventListener("focus", read, { signal: this.ends.signal });
    void followJobs(this.ends.signal, read, (event) => this.heard(event));
  }

  private get params() {
    return { path: { site: this.id } };
  }

  /** All that the pages show; what belongs to a report only where there is a new one. */
  async read(): Promise<void> {
    await this.trying(async () => {
      const params = this.params;
      const site = await ask(api.GET("/api/sites/{site}", { params }));
      this.plan.value = (await ask(api.GET("/api/sites/{site}/plan", { params }))).frames;
      this.models.value = await ask(api.GET("/api/sites/{site}/models", { params }));
      if (site.reported === null) this.report.value = null;
      else if (site.reported !== this.report.peek()?.made) await this.readReport();
      this.site.value = site;
    });
  }

  /** In the language of the page. */
  async readReport(): Promise<void> {
    const params = { ...this.params, query: { language: language.peek() } };
    await this.trying(async () => {
      this.report.value = await ask(api.GET("/api/sites/{site}/report", { params }));
    });
  }

  private heard({ job, kind }: JobEvent): void {
    if (kind === "log" || (kind === "progress" && job !== this.site.peek()?.job?.id)) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.read();
    }, EVERY);
  }

  /** Asks for a step; it goes on where it was stopped. */
  async begin(step: SiteStep): Promise<void> {
    const task = { task: "site" as const, folder: `site:${this.id}`, ...step };
    const own = step.step === "run" ? { language: language.peek() } : {};
    await this.trying(async () => {
      await ask(api.POST("/api/jobs", { body: { task: { ...task, ...own } }, headers: onlyOnce() }));
      await this.read();
    });
  }

  /** What is done stays. */
  async stop(): Promise<void> {
    const job = this.site.peek()?.job;
    if (job == null || !isAtWork(job)) return;
    await this.trying(async () => {
      await ask(api.POST("/api/jobs/{job}/cancel", { params: { path: { job: job.id } } }));
      await this.read();
    });
  }

  async setTarget(value: number): Promise<void> {
    await this.trying(async () => {
      const request = { params: this.params, body: { targets: [`iou=${value}`] } };
      this.site.value = await ask(api.PATCH("/api/sites/{site}", request));
    });
  }

  async useModel(number: number): Promise<void> {
    const params = { path: { site: this.id, model: number } };
    await this.trying(async () => {
      this.models.value = await ask(api.POST("/api/sites/{site}/models/{model}/use", { params }));
      await this.read();
    });
  }

  async rollback(): Promise<void> {
    await this.trying(async () => {
      this.models.value = await ask(api.POST("/api/sites/{site}/models/rollback", { params: this.params }));
      await this.read();
    });
  }

  /** @returns whether it is gone */
  async remove(): Promise<boolean> {
    return this.trying(async () => {
      await ask(api.DELETE("/api/sites/{site}", { params: this.params }));
    });
  }

  private async trying(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.problem.value = "";
      return true;
    } catch (error) {
      if (!this.ends.signal.aborted) this.problem.value = messageOf(error);
      return false;
    }
  }

  [Symbol.dispose](): void {
    this.ends.abort();
    clearTimeout(this.timer);
  }
}
