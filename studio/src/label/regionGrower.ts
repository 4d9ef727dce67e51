/**
 * @file The smart click: clicks in the shown frame, and the region that the service grows from them. Each click is one step
 * of undo. Whatever else changes the frame's labels ends the row of clicks; the next one begins a new region beside what is
 * there.
 */
import { batch, signal } from "@preact/signals";
import { api, ask, ServiceError } from "../api/client.ts";
import type { ProbedClip } from "../api/types.ts";
import { copyOf, type LabelBook, type Page, withoutBox } from "./labelBook.ts";
import { paintRuns, whole } from "./labelMap.ts";

/** A place that was clicked, pixels of the frame. */
export interface Click {
  readonly x: number;
  readonly y: number;
  readonly inside: boolean;
}

/**
 * - preparing: the frame is encoded, which takes a moment once.
 * - insideFirst: a click outside, before there is a region.
 */
export type GrowState = "idle" | "preparing" | "growing" | "insideFirst";

/** Clicks that mean one region. */
interface Row {
  readonly page: Page;
  readonly object: number;
  /** What the region is painted on. */
  readonly base: Uint8Array;
  clicks: readonly Click[];
  /** The clicks that the labels show. */
  shown: readonly Click[];
  /** `Page.changes` as the row left them. */
  changes: number;
}

export class RegionGrower {
  /** Of the row that goes on; shown on the stage. */
  readonly clicks = signal<readonly Click[]>([]);
  readonly state = signal<GrowState>("idle");
  readonly problem = signal("");
  private readonly clip: ProbedClip;
  private readonly book: LabelBook;
  /** The labels that a region is painted on, `[H, W]`: those of the frame, or what was tracked there. */
  private readonly baseOf: (page: Page) => Uint8Array;
  private row: Row | undefined;
  /** Frames that the service has encoded. */
  private readonly ready = new Set<number>();
  private wanted: number | undefined;
  private isWorking = false;

  constructor(clip: ProbedClip, book: LabelBook, baseOf: (page: Page) => Uint8Array) {
    this.clip = clip;
    this.book = book;
    this.baseOf = baseOf;
  }

  /** Asks the service to encode a frame before it is clicked. */
  prepare(frame: number): void {
    this.wanted = frame;
    void this.work();
  }

  click(page: Page, object: number, click: Click): void {
    const going = this.rowOf(page, object);
    if (going === undefined && !click.inside) {
      this.end();
      this.state.value = "insideFirst";
      return;
    }
    const row = going ?? { page, object, base: this.baseOf(page), clicks: [], shown: [], changes: page.changes };
    row.clicks = [...row.clicks, click];
    this.row = row;
    this.clicks.value = row.clicks;
    void this.work();
  }

  /** Ends the row of clicks unless it is about these labels as they are. */
  follow(page: Page | undefined, object: number): void {
    if (page === undefined || this.rowOf(page, object) === undefined) this.end();
  }

  private rowOf(page: Page, object: number): Row | undefined {
    const { row } = this;
    return row?.page === page && row.object === object && row.changes === page.changes ? row : undefined;
  }

  private end(): void {
    this.row = undefined;
    if (this.clicks.peek().length > 0) this.clicks.value = [];
    if (this.state.peek() === "insideFirst") this.state.value = "idle";
  }

  /** One request after the other; clicks that come meanwhile are asked for together. */
  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    this.problem.value = "";
    try {
      for (let step = this.next(); step !== undefined; step = this.next()) await step();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.problem.value = error.message;
      this.end();
    } finally {
      this.isWorking = false;
      this.state.value = "idle";
    }
  }

  private next(): (() => Promise<unknown>) | undefined {
    const { row, wanted } = this;
    this.wanted = undefined;
    if (row !== undefined && row.clicks !== row.shown) return () => this.grow(row);
    return wanted === undefined || this.ready.has(wanted) ? undefined : () => this.ask(wanted, []);
  }

  private async grow(row: Row): Promise<void> {
    const { clicks, page } = row;
    const runs = await this.ask(page.frame, clicks);
    row.shown = clicks;
    // The labels were changed by something else meanwhile: what was asked for is not wanted any more.
    if (this.row === row && row.changes === page.changes) this.paint(row, runs);
  }

  private async ask(frame: number, clicks: readonly Click[]): Promise<readonly number[]> {
    this.state.value = this.ready.has(frame) ? "growing" : "preparing";
    const request = { params: { path: { clip: this.clip.id, frame } }, body: { clicks: [...clicks] } };
    const { runs } = await ask(api.POST("/api/clips/{clip}/frames/{frame}/region", request));
    this.ready.add(frame);
    return runs;
  }

  private paint(row: Row, runs: readonly number[]): void {
    const { page, base, object } = row;
    const before = copyOf(page);
    page.map.data.set(base);
    paintRuns(page.map, runs, object);
    page.shapes = withoutBox(page.shapes, object);
    // Those who watch the labels see them together with the row that made them.
    batch(() => {
      this.book.commit(page, before, whole(page.map));
      row.changes = page.changes;
    });
  }
}
