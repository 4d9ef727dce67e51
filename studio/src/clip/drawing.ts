/** @file What a hand with a tool does to the labels of the shown frame. Positions are pixels of the frame. */
import { signal } from "@preact/signals";
import type { ProbedClip } from "../api/types.ts";
import type { FrameLabels } from "../label/history.ts";
import { copyOf, Dirty, hasMask, type LabelBook, type Page, withoutBox } from "../label/labelBook.ts";
import {
  clamped,
  EMPTY,
  fillPolygon,
  type Ink,
  type Place,
  type Rect,
  removeObject,
  stroke,
  union,
  whole,
} from "../label/labelMap.ts";
import { Looking } from "../inspect/looking.ts";
import { RegionGrower } from "../label/regionGrower.ts";
import type { Tool, Tools } from "./tools.ts";

/** From pressing to letting go. */
interface Gesture {
  readonly page: Page;
  readonly tool: Tool;
  readonly before: FrameLabels;
  readonly dirty: Dirty;
  readonly from: Place;
  last: Place;
  /** The point that is dragged. */
  readonly point?: string | undefined;
}

/** What was tracked in a frame: who changes something of it takes it over as a label. */
export interface Found {
  mask(frame: number): Uint8Array | undefined;
  points(frame: number): readonly NamedPlace[];
}

interface NamedPlace {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** A point is taken hold of from so near, pixels of the screen. */
const GRIP = 9;

export class Drawing {
  /** Corners of the polygon that is being drawn. */
  readonly corners = signal<readonly Place[]>([]);
  /** The box that is being dragged. */
  readonly box = signal<readonly [Place, Place] | undefined>(undefined);
  private readonly book: LabelBook;
  private readonly tools: Tools;
  private readonly found: Found;
  readonly grower: RegionGrower;
  readonly looking: Looking;
  private gesture: Gesture | undefined;
  private pending: Rect = EMPTY;

  constructor(clip: ProbedClip, book: LabelBook, tools: Tools, found: Found) {
    this.grower = new RegionGrower(clip, book, (page) => this.baseOf(page).slice());
    this.looking = new Looking(clip, () => [...book.labelled.peek().keys()]);
    this.book = book;
    this.tools = tools;
    this.found = found;
  }

  /** What was drawn since the last call. */
  takePending(): Rect {
    const { pending } = this;
    this.pending = EMPTY;
    return pending;
  }

  get isDrawing(): boolean {
    return this.gesture !== undefined;
  }

  /** @param scale pixels of the screen in one of the frame. @param isInside of a smart click: what is there belongs to it */
  press(page: Page, at: Place, scale: number, isInside = true): void {
    const tool = this.tools.tool.peek();
    if (tool === "polygon") return this.corner(page, at, scale);
    if (tool === "click") return this.click(page, at, isInside);
    if (tool === "why") return void this.looking.ask(page.frame, at);
    const before = copyOf(page);
    if (tool === "eraser" && this.eraseShape(page, before, at, GRIP / scale)) return;
    const point = tool === "points" ? this.grip(page, at, GRIP / scale) : undefined;
    this.gesture = { page, tool, before, dirty: new Dirty(), from: at, last: at, point };
    if (tool === "box") this.box.value = [at, at];
    if (tool !== "brush" && tool !== "eraser") return;
    this.pending = union(this.pending, this.takeOver(this.gesture));
    this.draw(this.gesture, at);
  }

  private click(page: Page, [x, y]: Place, inside: boolean): void {
    const { width, height } = page.map;
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    this.grower.click(page, this.tools.object.peek(), { x, y, inside });
  }

  /** The name of the point to drag: one that is here, one that was tracked, or a new one. */
  private grip(page: Page, at: Place, within: number): string {
    const own = nearest(page.shapes.points, at, within);
    if (own !== undefined) return own.name;
    const tracked = nearest(this.found.points(page.frame), at, within);
    const name = tracked?.name ?? newName(page, this.tools.object.peek(), this.book);
    page.shapes = { ...page.shapes, points: [...page.shapes.points, { name, x: at[0], y: at[1], visible: true }] };
    movePoint(page, name, at);
    this.book.drawn.value++;
    return name;
  }

  /** The eraser takes points, and the box of the object in hand. */
  private eraseShape(page: Page, before: FrameLabels, [x, y]: Place, within: number): boolean {
    const point = nearest(page.shapes.points, [x, y], within);
    const id = String(this.tools.object.peek());
    const box = page.shapes.boxes.find(
      (one) => one.name === id && x >= one.x && y >= one.y && x <= one.x + one.width && y <= one.y + one.height,
    );
    if (point === undefined && box === undefined) return false;
    page.shapes = {
      ...page.shapes,
      points: page.shapes.points.filter((one) => one !== point),
      boxes: page.shapes.boxes.filter((one) => one !== box),
    };
    this.book.commit(page, before, EMPTY);
    return true;
  }

  drag(at: Place): void {
    const { gesture } = this;
    if (gesture === undefined) return;
    if (gesture.tool === "box") this.box.value = [gesture.from, at];
    else if (gesture.tool === "points") {
      if (gesture.point !== undefined) movePoint(gesture.page, gesture.point, at);
      this.book.drawn.value++;
    } else this.draw(gesture, at);
    gesture.last = at;
  }

  release(): void {
    const { gesture } = this;
    if (gesture === undefined) return;
    this.gesture = undefined;
    if (gesture.tool === "box") this.endBox(gesture);
    this.book.commit(gesture.page, gesture.before, gesture.dirty.rect);
  }

  private draw({ page, tool, last, dirty }: Gesture, at: Place): void {
    const rect = dirty.add(stroke(page.map, last, at, this.tools.size.peek() / 2, this.ink(tool)));
    this.pending = union(this.pending, rect);
    if (tool === "brush") page.shapes = withoutBox(page.shapes, this.tools.object.peek());
    this.book.drawn.value++;
  }

  private ink(tool: Tool): Ink {
    const value = this.tools.object.peek();
    return tool === "eraser" ? { value: 0, only: value } : { value };
  }

  /** A frame without a label of its own begins with what was tracked there. */
  private takeOver({ page, dirty }: Pick<Gesture, "page" | "dirty">): Rect {
    const base = this.baseOf(page);
    if (base === page.map.data) return EMPTY;
    page.map.data.set(base);
    return dirty.add(whole(page.map));
  }

  /** What a frame's labels begin with: its own, or what was tracked there. */
  baseOf({ map, shapes, frame }: Page): Uint8Array {
    const tracked = hasMask({ map, shapes }) || shapes.boxes.length > 0 ? undefined : this.found.mask(frame);
    return tracked?.length === map.data.length ? tracked : map.data;
  }

  private corner(page: Page, at: Place, scale: number): void {
    const [first, ...rest] = this.corners.peek();
    const isFirst = first !== undefined && Math.hypot(first[0] - at[0], first[1] - at[1]) * scale < GRIP;
    if (isFirst && rest.length > 1) this.closePolygon(page);
    else this.corners.value = [...this.corners.peek(), at];
  }

  closePolygon(page: Page): void {
    const corners = this.corners.peek();
    this.corners.value = [];
    if (corners.length < 3) return;
    const [before, dirty] = [copyOf(page), new Dirty()];
    this.takeOver({ page, dirty });
    dirty.add(fillPolygon(page.map, corners, this.ink("polygon")));
    page.shapes = withoutBox(page.shapes, this.tools.object.peek());
    this.book.commit(page, before, dirty.rect);
  }

  dropPolygon(): void {
    this.corners.value = [];
  }

  /** A box stands for the object: what was painted of it in this frame goes. */
  private endBox({ page, from, last, dirty }: Gesture): void {
    this.box.value = undefined;
    const { width, height } = page.map;
    const [left, right] = inOrder(from[0], last[0], width);
    const [top, bottom] = inOrder(from[1], last[1], height);
    if (right - left < 2 || bottom - top < 2) return;
    const id = this.tools.object.peek();
    this.takeOver({ page, dirty });
    dirty.add(removeObject(page.map, id));
    const box = { name: String(id), x: left, y: top, width: right - left, height: bottom - top };
    page.shapes = { ...page.shapes, boxes: [...withoutBox(page.shapes, id).boxes, box] };
  }
}

const inOrder = (a: number, b: number, most: number): [number, number] => [
  Math.max(0, Math.min(a, b)),
  Math.min(most, Math.max(a, b)),
];

function nearest<One extends NamedPlace>(points: readonly One[], [x, y]: Place, within: number): One | undefined {
  const away = (one: One): number => Math.hypot(one.x - x, one.y - y);
  return points.filter((one) => away(one) <= within).sort((a, b) => away(a) - away(b))[0];
}

/** A point's name is that of its object and a number that no point of the clip has. */
function newName(page: Page, id: number, { objects, labelled }: LabelBook): string {
  const taken = new Set([...page.shapes.points.map(({ name }) => name), ...[...labelled.peek().values()].flat()]);
  const known = objects.peek().find((one) => one.id === id)?.name ?? `point ${id}`;
  let count = 1;
  while (taken.has(`${known}.${count}`)) count++;
  return `${known}.${count}`;
}

function movePoint(page: Page, name: string, [x, y]: Place): void {
  const { width, height } = page.map;
  const points = page.shapes.points.map((one) =>
    one.name === name ? { ...one, x: clamped(x, 0, width - 0.01), y: clamped(y, 0, height - 0.01) } : one,
  );
  page.shapes = { ...page.shapes, points };
}
