/** @file Everything about the clip that is open: player, labels, tools, tracking, export. */
import { computed, effect, signal } from "@preact/signals";
import { api, ask } from "../api/client.ts";
import type { LabelledObject, ProbedClip } from "../api/types.ts";
import { Exporting } from "../export/exporting.ts";
import { Layers } from "../inspect/layers.ts";
import type { Looking } from "../inspect/looking.ts";
import { colourOf, rgbOf } from "../label/colours.ts";
import { LabelBook, type Page } from "../label/labelBook.ts";
import { clamped, type Place, type Size } from "../label/labelMap.ts";
import { Pictures } from "../player/pictures.ts";
import { Player } from "../player/player.ts";
import { fitted, type View, zoomed } from "../player/view.ts";
import { neighbour } from "../review/lanes.ts";
import { type Direction, Tracking } from "../run/tracking.ts";
import { t } from "../texts/texts.ts";
import { Drawing } from "./drawing.ts";
import { Tools } from "./tools.ts";

/** An object as it is shown. */
export interface ShownObject {
  readonly id: number;
  readonly name: string;
  readonly colour: string;
}

/** Frames of a site that are to be labelled, in their order. */
export interface FrameQueue {
  /** To the next one that has no label, or to the one before. */
  go(step: 1 | -1): void;
  /** Labels the frame as one in which nothing is to be seen, and goes on. */
  nothingHere(): void;
}

const MOST_OBJECTS = 254;
/** A frame that is shown so long is likely to be clicked, ms. */
const REST_MS = 250;

export class ClipModel implements Disposable {
  readonly clip: ProbedClip;
  readonly pictures: Pictures;
  readonly player: Player;
  readonly book: LabelBook;
  readonly tools = new Tools();
  readonly tracking: Tracking;
  readonly exporting = new Exporting();
  readonly drawing: Drawing;
  readonly layers: Layers;
  readonly stage = signal<Size>({ width: 1, height: 1 });
  /** Undefined: the whole picture, whatever size the stage has. */
  readonly chosenView = signal<View | undefined>(undefined);
  readonly view = computed(() => this.chosenView.value ?? fitted(this.clip, this.stage.value));
  /** The frame whose picture is on the stage: only that can be drawn on. */
  readonly shownFrame = signal<number | undefined>(undefined);
  /** Where the keyboard draws, pixels of the frame. */
  readonly cursor = signal<Place | undefined>(undefined);
  readonly objects = computed(() => this.allObjects());
  readonly doubtful = computed(() => {
    void this.tracking.tracked.value?.recorded.value;
    return this.tracking.tracked.value?.lanes.doubtful() ?? [];
  });
  /** While the frames of a site are labelled. */
  readonly queue = signal<FrameQueue | undefined>(undefined);
  /** Objects that were added here and have no label yet. */
  private readonly added = signal<readonly number[]>([1]);
  private readonly endClicks: () => void;

  constructor(clip: ProbedClip) {
    this.clip = clip;
    this.pictures = new Pictures(clip);
    this.player = new Player(clip, this.pictures);
    this.book = new LabelBook(clip);
    this.tracking = new Tracking(clip);
    this.drawing = new Drawing(clip, this.book, this.tools, {
      mask: (frame) => this.tracking.tracked.peek()?.mask(frame),
      points: (frame) => this.tracking.tracked.peek()?.lanes.pointsAt(frame) ?? [],
    });
    this.layers = new Layers(clip, () => (this.player.isPlaying.value ? undefined : this.player.frame.value));
    this.endClicks = this.followClicks();
  }

  /** A frame at rest is made ready for the click tool; its row of clicks ends when anything else is done. */
  private followClicks(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = effect(() => {
      const page = this.drawable();
      this.drawing.grower.follow(page, this.tools.object.value);
      clearTimeout(timer);
      if (page !== undefined && this.tools.tool.value === "click")
        timer = setTimeout(() => this.drawing.grower.prepare(page.frame), REST_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }

  async open(frame: number): Promise<void> {
    this.go(frame);
    const { timesSec } = await ask(api.GET("/api/clips/{clip}/times", { params: { path: { clip: this.clip.id } } }));
    this.player.times.value = timesSec.map((time) => time - timesSec[0]);
    await Promise.all([this.book.refresh(), this.tracking.open()]);
  }

  /** Ids that are named, labelled, tracked, or were added. */
  private allObjects(): ShownObject[] {
    const known = new Map(this.book.objects.value.map((one) => [one.id, one]));
    const labelled = [...this.book.labelled.value.values()].flat().filter((name) => /^\d+$/u.test(name));
    void this.tracking.tracked.value?.recorded.value;
    const tracked = this.tracking.tracked.value?.lanes.all().flatMap(({ id }) => id ?? []) ?? [];
    const ids = new Set([...known.keys(), ...labelled.map(Number), ...tracked, ...this.added.value]);
    return [...ids].sort((a, b) => a - b).map((id) => shown(id, known.get(id)));
  }

  rgb(id: number): readonly [number, number, number] {
    return rgbOf(this.objects.peek().find((one) => one.id === id)?.colour ?? colourOf(id));
  }

  addObject(): void {
    const taken = new Set(this.objects.peek().map(({ id }) => id));
    let id = 1;
    while (taken.has(id)) id++;
    if (id > MOST_OBJECTS) return;
    this.added.value = [...this.added.peek(), id];
    this.tools.object.value = id;
  }

  chooseObject(id: number): void {
    if (this.objects.peek().some((one) => one.id === id)) this.tools.object.value = id;
  }

  /** The page to draw on; undefined while the picture of the frame, or its labels, are on their way. */
  drawable(): Page | undefined {
    const frame = this.player.frame.value;
    void this.book.drawn.value;
    return this.shownFrame.value === frame && !this.player.isPlaying.value ? this.book.peek(frame) : undefined;
  }

  go(frame: number): void {
    this.drawing.dropPolygon();
    this.player.go(frame);
  }

  by(frames: number): void {
    this.drawing.dropPolygon();
    this.player.by(frames);
  }

  goLabelled(step: 1 | -1): void {
    this.goAmong([...this.book.labelled.peek().keys()], step);
  }

  goDoubtful(step: 1 | -1): void {
    this.goAmong(this.doubtful.peek(), step);
  }

  private goAmong(frames: readonly number[], step: 1 | -1): void {
    const next = neighbour(frames, this.player.frame.peek(), step);
    if (next === undefined) return;
    this.player.pause();
    this.go(next);
  }

  /** At a place of the stage; in its middle without one. */
  zoom(factor: number, at?: Place): void {
    const { width, height } = this.stage.peek();
    const least = fitted(this.clip, this.stage.peek()).scale / 4;
    this.chosenView.value = zoomed(this.view.peek(), factor, at ?? [width / 2, height / 2], least);
  }

  fit(): void {
    this.chosenView.value = undefined;
  }

  withPage(act: (page: Page) => void): void {
    const page = this.drawable();
    if (page !== undefined && !this.drawing.isDrawing) act(page);
  }

  undo(): void {
    this.withPage((page) => this.book.undo(page));
  }

  redo(): void {
    this.withPage((page) => this.book.redo(page));
  }

  /** In steps of the brush's radius, or of a pixel. */
  moveCursor(dx: number, dy: number, isFine: boolean): void {
    const { width, height } = this.clip;
    const [x, y] = this.cursor.peek() ?? [Math.floor(width / 2) + 0.5, Math.floor(height / 2) + 0.5];
    const step = isFine ? 1 : Math.max(1, Math.round(this.tools.size.peek() / 2));
    this.cursor.value = [clamped(x + dx * step, 0.5, width - 0.5), clamped(y + dy * step, 0.5, height - 0.5)];
    if (this.drawing.isDrawing) this.drawing.drag(this.cursor.peek() as Place);
  }

  /** A dab, a corner or a point at the cursor; of a box first one corner, then the other. */
  pressCursor(isInside = true): void {
    const cursor = this.cursor.peek();
    if (cursor === undefined) return;
    if (this.drawing.isDrawing) return this.drawing.release();
    if (!isInside && this.tools.tool.peek() !== "click") return;
    this.withPage((page) => {
      this.drawing.press(page, cursor, this.view.peek().scale, isInside);
      if (this.tools.tool.peek() !== "box") this.drawing.release();
    });
  }

  get looking(): Looking {
    return this.drawing.looking;
  }

  /** The labelled frame that labels can be copied from: the one before, else the one after. */
  readonly copySource = computed(() => {
    const [frame, labelled] = [this.player.frame.value, [...this.book.labelled.value.keys()]];
    return neighbour(labelled, frame, -1) ?? neighbour(labelled, frame, 1);
  });

  async copyLabels(): Promise<void> {
    const [page, from] = [this.drawable(), this.copySource.peek()];
    if (page !== undefined && from !== undefined && !this.drawing.isDrawing) await this.book.copyFrom(from, page);
  }

  async track(direction: Direction): Promise<void> {
    if (this.book.labelled.peek().size === 0 || !(await this.book.flush())) return;
    await this.tracking.start(direction);
  }

  [Symbol.dispose](): void {
    this.endClicks();
    this.layers[Symbol.dispose]();
    this.player[Symbol.dispose]();
    this.pictures[Symbol.dispose]();
    this.tracking[Symbol.dispose]();
    void this.book.flush();
  }
}

function shown(id: number, known: LabelledObject | undefined): ShownObject {
  return { id, name: known?.name ?? t("object", { id }), colour: known?.colour ?? colourOf(id) };
}
