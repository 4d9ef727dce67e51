/** @file Tracking a clip: its sessions, the job that runs, and what came of it. */
import { computed, signal } from "@preact/signals";
import { api, ask, onlyOnce, ServiceError } from "../api/client.ts";
import { followJobs } from "../api/events.ts";
import type { Job, JobEvent, ProbedClip, Session } from "../api/types.ts";
import { Tracked } from "./tracked.ts";

export const MODES = ["fast", "exact", "live"] as const;
export type Mode = (typeof MODES)[number];
export type Direction = "forward" | "both";

/** How often records are read while they come, ms. */
const EVERY = 300;

/** Settings of sessions of the studio: tables and masks, no films and charts. */
const SETTINGS = { overlay: false, pictures: false } as const;

const isWorking = (job: Job | undefined): boolean => job?.state === "queued" || job?.state === "running";

export class Tracking implements Disposable {
  readonly mode = signal<Mode>("fast");
  /** The latest job that tracks; undefined before the first. */
  readonly job = signal<Job | undefined>(undefined);
  readonly isWorking = computed(() => isWorking(this.job.value));
  readonly session = signal<Session | undefined>(undefined);
  readonly tracked = signal<Tracked | undefined>(undefined);
  readonly problem = signal("");
  private readonly clip: ProbedClip;
  private readonly ends = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clip: ProbedClip) {
    this.clip = clip;
    void followJobs(
      this.ends.signal,
      () => void this.refresh(),
      (event) => this.heard(event),
    );
  }

  /** The newest session decides about the mode; with a mode chosen, the newest of that mode. */
  async open(mode?: Mode): Promise<void> {
    const { sessions } = await ask(api.GET("/api/sessions", { params: { query: { clip: this.clip.id } } }));
    const own = sessions.filter(({ settings }) => MODES.includes(settings["mode"] as Mode));
    const session = own.find(({ settings }) => mode === undefined || settings["mode"] === mode);
    this.mode.value = mode ?? (session?.settings["mode"] as Mode | undefined) ?? "fast";
    this.show(session);
    await this.refresh();
  }

  private show(session: Session | undefined): void {
    if (session !== undefined && session.id === this.session.peek()?.id) return;
    this.job.value = undefined;
    this.session.value = session;
    this.tracked.value = session && new Tracked(this.clip, session.id);
  }

  private async refresh(): Promise<void> {
    const session = this.session.peek();
    if (session === undefined) return;
    const { jobs } = await ask(api.GET("/api/jobs", { params: { query: { session: session.id, limit: 50 } } }));
    const latest = jobs.find(({ task }) => task["task"] === "track");
    if (latest !== undefined) this.job.value = latest;
    await this.tracked.peek()?.read();
  }

  /** A job that is not known may be one of this clip that another page began. */
  private heard({ job: id, kind }: JobEvent): void {
    const isOwn = id === this.job.peek()?.id;
    if (!isOwn && kind !== "state") return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void (this.session.peek() === undefined ? this.open(this.mode.peek()) : this.refresh());
    }, EVERY);
  }

  /** Begins a job with the labels that are on the service now. */
  async start(direction: Direction): Promise<void> {
    if (this.isWorking.peek()) return;
    this.problem.value = "";
    try {
      const session = this.session.peek() ?? (await this.begin());
      const params = { path: { session: session.id } };
      const request = { params, body: { settings: { direction } }, headers: onlyOnce() };
      this.job.value = await ask(api.POST("/api/sessions/{session}/track", request));
    } catch (error) {
      this.say(error);
    }
  }

  private async begin(): Promise<Session> {
    const settings = { mode: this.mode.peek(), ...SETTINGS };
    const session = await ask(api.POST("/api/sessions", { body: { clip: this.clip.id, settings } }));
    this.show(session);
    return session;
  }

  /** What is done stays. */
  async stop(): Promise<void> {
    const job = this.job.peek();
    if (job === undefined || !isWorking(job)) return;
    this.job.value = await ask(api.POST("/api/jobs/{job}/cancel", { params: { path: { job: job.id } } }));
  }

  private say(error: unknown): void {
    if (!(error instanceof ServiceError)) throw error;
    this.problem.value = error.message;
  }

  [Symbol.dispose](): void {
    this.ends.abort();
    clearTimeout(this.timer);
  }
}
