/** @file A site that is shown: its state as the service has it, followed while jobs work on it. */
import { signal } from "@preact/signals";
import { api, ask, onlyOnce } from "../api/client.ts";
import { Followed } from "../api/followed.ts";
import type { Site, SiteModels, SitePlan, SiteReport } from "../api/types.ts";
import { language } from "../texts/texts.ts";
import { isAtWork } from "./words.ts";

/** Steps that can be asked for, with what they need. */
export type SiteStep =
  | { readonly step: "run"; readonly adaptMinutes: number; readonly tuneMinutes: number }
  | { readonly step: "adapt"; readonly minutes: number };

export class SiteWatch extends Followed {
  readonly site = signal<Site | undefined>(undefined);
  readonly plan = signal<SitePlan["frames"]>([]);
  readonly models = signal<SiteModels | undefined>(undefined);
  /** Undefined before it was read; null: there is none. */
  readonly report = signal<SiteReport | null | undefined>(undefined);
  private readonly id: string;

  constructor(id: string) {
    super();
    this.id = id;
    addEventListener("focus", () => void this.read(), { signal: this.ends.signal });
    this.follow(({ job, kind }) => kind !== "progress" || job === this.site.peek()?.job?.id);
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
}
