/** @file The frames of a site that are to be labelled, in their order, and where the person is among them. */
import { computed, signal } from "@preact/signals";
import { api, ask, messageOf } from "../api/client.ts";
import type { SitePlan } from "../api/types.ts";
import { addressOf } from "../clip/address.ts";
import type { ClipModel, FrameQueue } from "../clip/clipModel.ts";
import { nextIndex } from "./nextIndex.ts";

export type PlannedFrame = SitePlan["frames"][number];

export class LabelQueue implements FrameQueue {
  readonly frames = signal<readonly PlannedFrame[]>([]);
  readonly problem = signal("");
  /** Of the frame that is shown; -1: it is not in the plan. */
  readonly at = computed(() => {
    const [clip, frame] = [this.model.clip.id, this.model.player.frame.value];
    return this.frames.value.findIndex((one) => one.clip === clip && one.frame === frame);
  });
  readonly left = computed(() => this.labelled().filter((done) => !done).length);
  private readonly model: ClipModel;
  private readonly site: string;

  constructor(model: ClipModel, site: string) {
    this.model = model;
    this.site = site;
  }

  async read(): Promise<void> {
    try {
      const params = { path: { site: this.site } };
      this.frames.value = (await ask(api.GET("/api/sites/{site}/plan", { params }))).frames;
      this.problem.value = "";
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  /** What was drawn in this clip just now counts. */
  labelled(): readonly boolean[] {
    const [clip, drawn] = [this.model.clip.id, this.model.book.labelled.value];
    return this.frames.value.map((one) => (one.clip === clip ? drawn.has(one.frame) : one.labelled));
  }

  go(step: 1 | -1): void {
    const next = this.frames.peek()[nextIndex(this.labelled(), this.at.peek(), step) ?? -1];
    if (next !== undefined && next.clip !== null) void this.show(next.clip, next.frame);
  }

  private async show(clip: string, frame: number): Promise<void> {
    this.model.player.pause();
    if (clip === this.model.clip.id) return this.model.go(frame);
    if (await this.model.book.flush()) location.hash = addressOf(clip, frame, this.site);
  }

  nothingHere(): void {
    this.model.withPage((page) => {
      this.model.book.markNothing(page);
      this.go(1);
    });
  }
}
