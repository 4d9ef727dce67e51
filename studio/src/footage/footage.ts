/** @file The clips of the folders, what was found about their quality, and files that are on their way. */
import { signal } from "@preact/signals";
import { api, ask, messageOf, onlyOnce, ServiceError } from "../api/client.ts";
import { followJobs } from "../api/events.ts";
import type { Clip, ClipCheck, ProbedClip } from "../api/types.ts";
import { language } from "../texts/texts.ts";
import { Uploads } from "./uploads.ts";

/** Uploads lie in the root of this name. */
const UPLOADED = "uploads";

/** What is known of a clip beyond its name. */
export interface ClipFacts {
  readonly probed?: ProbedClip;
  /** Why it cannot be opened. */
  readonly problem?: string;
  readonly check?: ClipCheck;
}

export class Footage implements Disposable {
  readonly clips = signal<readonly Clip[] | undefined>(undefined);
  readonly problem = signal("");
  /** By the clip's id. */
  readonly facts = signal<ReadonlyMap<string, ClipFacts>>(new Map());
  readonly uploads = new Uploads(
    (name) => this.clips.peek()?.some((clip) => clip.name === name) ?? false,
    (clip) => void this.arrived(clip),
  );
  private readonly ends = new AbortController();

  constructor() {
    const read = (): void => void this.read();
    // Files that were added meanwhile.
    addEventListener("focus", read, { signal: this.ends.signal });
    const warn = (event: Event): void => void (this.uploads.isBusy && event.preventDefault());
    addEventListener("beforeunload", warn, { signal: this.ends.signal });
    void followJobs(this.ends.signal, read, ({ kind, job }) => kind !== "log" && void this.heard(job, kind));
  }

  /** Reads the list, then what is not known of each clip, one after the other: a clip has to be opened for it. */
  async read(): Promise<void> {
    try {
      const { clips } = await ask(api.GET("/api/clips"));
      this.clips.value = clips;
      this.problem.value = "";
    } catch (error) {
      this.problem.value = messageOf(error);
    }
    for (const clip of this.clips.peek() ?? []) {
      if (this.ends.signal.aborted) return;
      const known = this.facts.peek().get(clip.id);
      if (known?.probed?.version !== clip.version) await this.probe(clip);
      await this.readCheck(clip.id);
    }
  }

  private async probe({ id }: Clip): Promise<void> {
    try {
      this.learn(id, { probed: await ask(api.GET("/api/clips/{clip}", { params: { path: { clip: id } } })) });
    } catch (error) {
      this.learn(id, { problem: messageOf(error) });
    }
  }

  /** What the latest check found, in the language of the page. */
  async readCheck(id: string): Promise<void> {
    try {
      const params = { path: { clip: id }, query: { language: language.peek() } };
      this.learn(id, { check: await ask(api.GET("/api/clips/{clip}/check", { params })) });
    } catch (error) {
      // A clip that has gone meanwhile.
      if (!(error instanceof ServiceError)) throw error;
    }
  }

  private learn(id: string, news: ClipFacts): void {
    this.facts.value = new Map(this.facts.peek()).set(id, { ...this.facts.peek().get(id), ...news });
  }

  private async heard(job: string, kind: "state" | "progress"): Promise<void> {
    const [id] = [...this.facts.peek()].find(([, { check }]) => check?.job?.id === job) ?? [];
    if (id !== undefined) await this.readCheck(id);
    else if (kind === "state") for (const clip of this.clips.peek() ?? []) await this.readCheck(clip.id);
  }

  /** Checks a clip when nothing more urgent waits. */
  async check(id: string): Promise<void> {
    const task = { task: "check" as const, clips: [`clip:${id}`], language: language.peek() };
    try {
      const job = await ask(api.POST("/api/jobs", { body: { task, priority: -1 }, headers: onlyOnce() }));
      this.learn(id, { check: { job, verdict: null, findings: [] } });
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  /** A clip that came in is checked unasked: who brings it wants to know. */
  private async arrived(id: string): Promise<void> {
    await this.read();
    if (this.facts.peek().get(id)?.problem === undefined) await this.check(id);
  }

  isUploaded({ root }: Clip): boolean {
    return root === UPLOADED;
  }

  /** Deletes an uploaded clip with its labels and results. */
  async remove({ id }: Clip): Promise<void> {
    try {
      await ask(api.DELETE("/api/clips/{clip}", { params: { path: { clip: id } } }));
      this.clips.value = this.clips.peek()?.filter((clip) => clip.id !== id);
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  [Symbol.dispose](): void {
    this.ends.abort();
  }
}
