/**
 * @file The labels of a clip: loaded when a frame is looked at, drawn into, and saved a moment after each change. A save
 * names the version that it replaces; what somebody else wrote meanwhile is never written over unasked.
 */
import { signal } from "@preact/signals";
import { api, ask, client, ifStill, ServiceError } from "../api/client.ts";
import type { LabelledFrame, LabelledObject, ProbedClip, Shapes } from "../api/types.ts";
import { type FrameLabels, History, NO_SHAPES } from "./history.ts";
import { EMPTY, isEmpty, objectsIn, type Rect, union, whole } from "./labelMap.ts";

/** A byte a pixel. */
const RAW = "application/octet-stream";
const SAVE_AFTER_MS = 200;
/** Of so many labelled frames it is read at once which objects they name; of others when they are looked at. */
const MOST_NAMED = 200;
/** Of pages that are kept although nothing was drawn on them. */
const MOST_BYTES = 64 * 1024 ** 2;

/** Versions on the service; null: nothing there. */
interface Tags {
  readonly mask: string | null;
  readonly shapes: string | null;
}

const NO_TAGS: Tags = { mask: null, shapes: null };

/** The labels of a frame. */
interface Labelled extends FrameLabels {
  readonly frame: number;
}

/** A frame that was looked at. */
export interface Page extends Labelled {
  readonly history: History;
  tags: Tags;
  /** Counts changes; saved up to `saved`. */
  changes: number;
  saved: number;
  /** A mask in which nothing is to be seen is kept: it says that there is nothing. */
  isNothing: boolean;
  /** Changed elsewhere; not saved until the person has decided. */
  isConflict: boolean;
}

/** What is noted of a frame. */
type Noted = Labelled & { readonly isNothing?: boolean };

/** What the service has of a frame. */
interface Found {
  readonly data: Uint8Array;
  readonly shapes: Shapes;
  readonly tags: Tags;
}

export type SaveState = "saved" | "saving" | "conflict" | "failed";

const hasShapes = ({ points, boxes, ends }: Shapes): boolean => points.length + boxes.length + ends.length > 0;
export const hasMask = ({ map }: FrameLabels): boolean => map.data.some((value) => value !== 0);

/** All labels of one clip. */
export class LabelBook {
  /** Frames with labels, ascending, with the objects and points that they name as far as that is known. */
  readonly labelled = signal<ReadonlyMap<number, readonly string[]>>(new Map());
  readonly objects = signal<readonly LabelledObject[]>([]);
  readonly state = signal<SaveState>("saved");
  readonly problem = signal("");
  readonly conflict = signal<number | undefined>(undefined);
  /** Counts every change of pixels or shapes. */
  readonly drawn = signal(0);
  private readonly clip: ProbedClip;
  /** What the service has, as far as it was heard; undefined before the first list. */
  private known: ReadonlyMap<number, LabelledFrame> | undefined;
  private readonly pages = new Map<number, Page>();
  private readonly loading = new Map<number, Promise<Page>>();
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly writing = new Map<number, Promise<void>>();

  constructor(clip: ProbedClip) {
    this.clip = clip;
  }

  /** Reads which frames are labelled; pages that somebody else changed are read again unless they hold unsaved work. */
  async refresh(): Promise<void> {
    const known = await this.readList();
    for (const [frame, page] of this.pages) {
      const { mask = null, shapes = null } = known.get(frame) ?? {};
      if (this.isDirty(page) || (page.tags.mask === mask && page.tags.shapes === shapes)) continue;
      this.pages.delete(frame);
    }
    this.drawn.value++;
    for (const [frame, tags] of [...known].slice(0, MOST_NAMED)) {
      const page = this.pages.get(frame);
      if (page !== undefined) this.noteNames(page);
      else {
        const found = await this.read(frame, tags);
        this.noteNames({ ...this.labelsOf(found, frame), isNothing: found.tags.mask !== null });
      }
    }
  }

  private async readList(): Promise<ReadonlyMap<number, LabelledFrame>> {
    const { frames, objects } = await ask(api.GET("/api/clips/{clip}/labels", { params: this.params }));
    this.known = new Map(frames.map((one) => [one.frame, one]));
    this.objects.value = objects;
    this.labelled.value = new Map(frames.map(({ frame }) => [frame, this.labelled.peek().get(frame) ?? []]));
    // What is not saved yet is not in the list.
    for (const page of this.pages.values()) if (this.isDirty(page)) this.noteNames(page);
    return this.known;
  }

  /** The page of a frame if it is there already. */
  peek(frame: number): Page | undefined {
    const page = this.pages.get(frame);
    if (page === undefined) return undefined;
    // The latest used last.
    this.pages.delete(frame);
    this.pages.set(frame, page);
    return page;
  }

  page(frame: number): Promise<Page> {
    const known = this.peek(frame);
    if (known !== undefined) return Promise.resolve(known);
    const loading = this.loading.get(frame) ?? this.load(frame).finally(() => this.loading.delete(frame));
    this.loading.set(frame, loading);
    return loading;
  }

  private async load(frame: number): Promise<Page> {
    // What was made since the list was read is met when this page is saved.
    const known = this.known ?? (await this.readList());
    const found = await this.read(frame, known.get(frame) ?? NO_TAGS);
    const page: Page = {
      ...this.labelsOf(found, frame),
      history: new History(),
      tags: found.tags,
      changes: 0,
      saved: 0,
      isNothing: found.tags.mask !== null && !found.data.some((value) => value !== 0),
      isConflict: false,
    };
    this.pages.set(frame, page);
    this.dropUnused();
    this.drawn.value++;
    return page;
  }

  private labelsOf({ data, shapes }: Found, frame: number): Labelled {
    return { frame, map: { width: this.clip.width, height: this.clip.height, data }, shapes };
  }

  /** Pages that hold nothing but what the service has can be read again. */
  private dropUnused(): void {
    const most = Math.max(8, Math.floor(MOST_BYTES / (this.clip.width * this.clip.height)));
    for (const [frame, page] of this.pages) {
      if (this.pages.size <= most) return;
      const { canUndo, canRedo } = page.history;
      if (!canUndo && !canRedo && !this.isDirty(page)) this.pages.delete(frame);
    }
  }

  /** What the list names; nothing else is asked for. */
  private async read(frame: number, { mask, shapes }: Tags): Promise<Found> {
    const path = `/api/clips/${this.clip.id}/labels/${frame}`;
    const [raw, text] = await Promise.all([
      mask === null ? undefined : client.tagged(`${path}/mask?format=raw`),
      shapes === null ? undefined : client.tagged(`${path}/shapes`),
    ]);
    return {
      data: raw?.bytes ?? new Uint8Array(this.clip.width * this.clip.height),
      shapes: text === undefined ? NO_SHAPES : (JSON.parse(new TextDecoder().decode(text.bytes)) as Shapes),
      tags: { mask: raw?.tag ?? null, shapes: text?.tag ?? null },
    };
  }

  /** What the service has now. */
  private async readNow(frame: number): Promise<Found> {
    return this.read(frame, (await this.readList()).get(frame) ?? NO_TAGS);
  }

  /** Keeps a change for undo and saves it a moment later. @param before as it was. */
  commit(page: Page, before: FrameLabels, rect: Rect): void {
    if (page.history.add(before, page, rect)) this.changed(page);
    else this.drawn.value++;
  }

  undo(page: Page): Rect | undefined {
    return this.stepped(page, page.history.undo(page));
  }

  redo(page: Page): Rect | undefined {
    return this.stepped(page, page.history.redo(page));
  }

  private stepped(page: Page, rect: Rect | undefined): Rect | undefined {
    if (rect !== undefined) this.changed(page);
    return rect;
  }

  private changed(page: Page): void {
    page.changes++;
    this.drawn.value++;
    this.noteNames(page);
    this.saveSoon(page, SAVE_AFTER_MS);
  }

  private saveSoon(page: Page, ms: number): void {
    this.state.value = page.isConflict ? "conflict" : "saving";
    clearTimeout(this.timers.get(page.frame));
    this.timers.set(
      page.frame,
      setTimeout(() => void this.save(page), ms),
    );
  }

  /** Frames and names for the timeline. */
  private noteNames({ frame, map, shapes: { points, boxes, ends }, isNothing = false }: Noted): void {
    const next = new Map(this.labelled.peek());
    const names = [
      ...objectsIn(map.data).map(String),
      ...boxes.map(({ name }) => name),
      ...points.map(({ name }) => name),
    ];
    if (names.length + ends.length > 0 || isNothing) next.set(frame, names);
    else next.delete(frame);
    this.labelled.value = new Map([...next].sort(([a], [b]) => a - b));
  }

  /** One save of a frame after the other; what changed meanwhile is saved next. */
  private async save(page: Page): Promise<void> {
    await this.writing.get(page.frame);
    if (page.isConflict || page.saved === page.changes) return this.settle();
    const writing = this.write(page).finally(() => this.writing.delete(page.frame));
    this.writing.set(page.frame, writing);
    await writing;
    if (page.saved !== page.changes && !page.isConflict && this.state.peek() !== "failed") await this.save(page);
    this.settle();
  }

  private async write(page: Page): Promise<void> {
    const { changes } = page;
    try {
      page.tags = { ...page.tags, mask: await this.writeMask(page) };
      page.tags = { ...page.tags, shapes: await this.writeShapes(page) };
      page.saved = changes;
      this.problem.value = "";
      if (this.state.peek() === "failed") this.state.value = "saving";
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.error.code === "service/changed") await this.meet(page);
      else this.fail(error);
    }
  }

  private async writeMask(page: Page): Promise<string | null> {
    const { frame, map, tags } = page;
    if (hasMask(page) || page.isNothing)
      return client.putMask(this.clip.id, frame, map.data, { type: RAW, replaces: tags.mask });
    return this.forget(frame, "mask", tags.mask);
  }

  private async writeShapes({ frame, shapes, tags }: Page): Promise<string | null> {
    if (!hasShapes(shapes)) return this.forget(frame, "shapes", tags.shapes);
    const request = { params: this.paramsOf(frame), body: shapes, headers: ifStill(tags.shapes) };
    return (await ask(api.PUT("/api/clips/{clip}/labels/{frame}/shapes", request))).tag;
  }

  private async forget(frame: number, what: "mask" | "shapes", tag: string | null): Promise<null> {
    const request = { params: this.paramsOf(frame), headers: ifStill(tag) };
    if (tag !== null) await ask(api.DELETE(`/api/clips/{clip}/labels/{frame}/${what}`, request));
    return null;
  }

  /** Others wrote; or a write of ours came through and only its answer was lost: then there is nothing to decide. */
  private async meet(page: Page): Promise<void> {
    const { data, shapes, tags } = await this.readNow(page.frame);
    page.tags = tags;
    const isSame = data.every((value, p) => value === page.map.data[p]);
    if (isSame && JSON.stringify(shapes) === JSON.stringify(page.shapes)) return;
    page.isConflict = true;
    this.conflict.value = page.frame;
    this.state.value = "conflict";
  }

  private fail(error: ServiceError): void {
    this.state.value = "failed";
    this.problem.value = error.message;
  }

  private isDirty(page: Page): boolean {
    return page.isConflict || page.saved !== page.changes;
  }

  private settle(): void {
    const pages = [...this.pages.values()];
    const conflict = pages.find(({ isConflict }) => isConflict);
    this.conflict.value = conflict?.frame;
    if (conflict !== undefined) this.state.value = "conflict";
    else if (this.state.peek() !== "failed")
      this.state.value = pages.some((page) => this.isDirty(page)) ? "saving" : "saved";
  }

  /** Writes over what somebody else wrote. */
  async keepMine(frame: number): Promise<void> {
    const page = await this.page(frame);
    page.tags = (await this.readNow(frame)).tags;
    page.isConflict = false;
    page.changes++;
    await this.save(page);
  }

  /** Shows what somebody else wrote; mine is one undo away. */
  async takeTheirs(frame: number): Promise<void> {
    const page = await this.page(frame);
    const { data, shapes, tags } = await this.readNow(frame);
    const before = copyOf(page);
    page.map.data.set(data);
    page.shapes = shapes;
    page.history.add(before, page, whole(page.map));
    page.tags = tags;
    page.isConflict = false;
    page.saved = page.changes;
    this.noteNames(page);
    this.drawn.value++;
    this.settle();
  }

  /** Waits until everything is on disk. @returns false where something cannot be saved */
  async flush(): Promise<boolean> {
    // Painting moves pages within the map meanwhile.
    const pages = [...this.pages.values()];
    for (const page of pages) {
      clearTimeout(this.timers.get(page.frame));
      if (page.saved !== page.changes) await this.save(page);
      await this.writing.get(page.frame);
    }
    return this.state.peek() === "saved";
  }

  /** Tries again what could not be saved. */
  async again(): Promise<void> {
    this.state.value = "saving";
    await this.flush();
  }

  /** Forgets the labels of a frame; undo brings them back. */
  clear(page: Page): void {
    const wasNothing = page.isNothing;
    page.isNothing = false;
    this.empty(page);
    if (wasNothing) this.changed(page);
  }

  /** Labels a frame as one in which nothing is to be seen. */
  markNothing(page: Page): void {
    page.isNothing = true;
    this.empty(page);
    this.changed(page);
  }

  private empty(page: Page): void {
    const before = copyOf(page);
    page.map.data.fill(0);
    page.shapes = NO_SHAPES;
    this.commit(page, before, whole(page.map));
  }

  /** Adds what another frame has: masks where nothing is yet, points and boxes of names that are not here. */
  async copyFrom(frame: number, page: Page): Promise<void> {
    const from = await this.page(frame);
    const before = copyOf(page);
    for (const [p, value] of from.map.data.entries()) if (page.map.data[p] === 0) page.map.data[p] = value;
    page.shapes = joined(page.shapes, from.shapes);
    this.commit(page, before, whole(page.map));
  }

  /** Writes name or colour of an object; those of others stay as they are on the service. */
  async setObject(changed: LabelledObject): Promise<void> {
    const merge = (all: readonly LabelledObject[]): LabelledObject[] =>
      [...all.filter(({ id }) => id !== changed.id), changed].sort((a, b) => a.id - b.id);
    this.objects.value = merge(this.objects.peek());
    const { objects } = await ask(api.GET("/api/clips/{clip}/labels", { params: this.params }));
    const request = { params: this.params, body: merge(objects) };
    this.objects.value = await ask(api.PUT("/api/clips/{clip}/objects", request));
  }

  private get params() {
    return { path: { clip: this.clip.id } };
  }

  private paramsOf(frame: number) {
    return { path: { clip: this.clip.id, frame } };
  }
}

/** What ends in one frame need not end in the other. */
function joined(own: Shapes, other: Shapes): Shapes {
  return {
    ...own,
    points: withOthers(own.points, other.points),
    boxes: withOthers(own.boxes, other.boxes),
    skeleton: own.skeleton.length > 0 ? own.skeleton : other.skeleton,
  };
}

/** With those of the others whose name is not here. */
function withOthers<One extends { readonly name: string }>(own: readonly One[], others: readonly One[]): One[] {
  return [...own, ...others.filter(({ name }) => !own.some((one) => one.name === name))];
}

export function withoutBox(shapes: Shapes, id: number): Shapes {
  const boxes = shapes.boxes.filter(({ name }) => name !== String(id));
  return boxes.length === shapes.boxes.length ? shapes : { ...shapes, boxes };
}

export function copyOf({ map, shapes }: FrameLabels): FrameLabels {
  return { map: { ...map, data: map.data.slice() }, shapes };
}

/** The rectangles of an edit, put together. */
export class Dirty {
  rect: Rect = EMPTY;

  add(rect: Rect): Rect {
    if (!isEmpty(rect)) this.rect = union(this.rect, rect);
    return rect;
  }
}
