/** @file Everything about the clip that is open in the page: frames, drawn labels, tracking, the download. */
import { computed, signal } from "@preact/signals";
import { strToU8, zipSync } from "fflate";
import { parseMaskPng, UserError } from "../../../src/browser.ts";
import { type FrameLabels, History, NO_SHAPES } from "../../src/label/history.ts";
import { objectsIn, type Place, type Rect, stroke, union, EMPTY, whole } from "../../src/label/labelMap.ts";
import { type ClipFile, openClipFile } from "./clipFile.ts";
import { Tracking } from "./tracking.ts";

/** Labels that were drawn on a frame, or loaded for it. */
interface DrawnFrame extends FrameLabels {
  readonly history: History;
}

export type Tool = "brush" | "eraser";

/** The smallest and the largest brush, pixels of the frame. */
export const BRUSH = { least: 1, most: 200 } as const;

export class Alone {
  readonly clip = signal<ClipFile | undefined>(undefined);
  readonly files = signal<readonly File[]>([]);
  readonly frame = signal(0);
  readonly picture = signal<{ readonly frame: number; readonly bitmap: ImageBitmap } | undefined>(undefined);
  readonly problem = signal("");
  readonly tool = signal<Tool>("brush");
  readonly size = signal(24);
  readonly object = signal(1);
  /** Counts what changes masks. */
  readonly changed = signal(0);
  readonly isPlaying = signal(false);
  readonly tracking = new Tracking(() => this.touch());
  readonly labelled = computed(() => {
    void this.changed.value;
    return [...this.drawn].filter(([, { map }]) => map.data.some((id) => id !== 0)).map(([frame]) => frame);
  });
  private readonly drawn = new Map<number, DrawnFrame>();
  private gesture: { readonly before: Uint8Array; last: Place; rect: Rect } | undefined;

  /** Opens a clip in place of the one that is open. */
  async open(files: readonly File[]): Promise<void> {
    this.problem.value = "";
    try {
      const clip = await openClipFile(files);
      this.tracking.forget();
      this.drawn.clear();
      await this.clip.peek()?.close();
      this.files.value = files;
      this.clip.value = clip;
      this.touch();
      await this.go(0);
    } catch (error) {
      this.tell(error);
    }
  }

  /** Shows a frame. */
  async go(to: number): Promise<void> {
    const clip = this.clip.peek();
    if (clip === undefined) return;
    const frame = Math.min(clip.frameCount - 1, Math.max(0, Math.round(to)));
    this.release();
    this.frame.value = frame;
    try {
      const bitmap = await clip.picture(frame);
      // Another frame may have been asked for meanwhile.
      if (this.frame.peek() !== frame || this.clip.peek() !== clip) return bitmap.close();
      this.picture.peek()?.bitmap.close();
      this.picture.value = { frame, bitmap };
    } catch (error) {
      this.tell(error);
    }
  }

  /** Every frame, as fast as they can be shown, at most 25 a second. */
  async play(): Promise<void> {
    this.isPlaying.value = !this.isPlaying.peek();
    while (this.isPlaying.peek() && this.frame.peek() + 1 < (this.clip.peek()?.frameCount ?? 0)) {
      await Promise.all([this.go(this.frame.peek() + 1), new Promise((resolve) => setTimeout(resolve, 40))]);
    }
    this.isPlaying.value = false;
  }

  /** What is seen on a frame: what was drawn on it, else what was tracked. `[height, width]` */
  maskAt(frame: number): Uint8Array | undefined {
    return this.drawn.get(frame)?.map.data ?? this.tracking.maskAt(frame);
  }

  /** Begins a stroke; the first one takes a tracked mask over as the frame's labels. */
  press(at: Place): void {
    const page = this.page();
    if (page === undefined) return;
    this.gesture = { before: page.map.data.slice(), last: at, rect: EMPTY };
    this.drag(at);
  }

  drag(at: Place): void {
    const { gesture } = this;
    const page = this.drawn.get(this.frame.peek());
    if (gesture === undefined || page === undefined) return;
    const id = this.object.peek();
    const ink = this.tool.peek() === "brush" ? { value: id } : { value: 0, only: id };
    gesture.rect = union(gesture.rect, stroke(page.map, gesture.last, at, this.size.peek() / 2, ink));
    gesture.last = at;
    this.touch();
  }

  release(): void {
    const { gesture } = this;
    const page = this.drawn.get(this.frame.peek());
    this.gesture = undefined;
    if (gesture === undefined || page === undefined) return;
    const before = { map: { ...page.map, data: gesture.before }, shapes: page.shapes };
    page.history.add(before, page, gesture.rect);
    this.touch();
  }

  undo(): void {
    this.travel("undo");
  }

  redo(): void {
    this.travel("redo");
  }

  /** Drops what was drawn on this frame. */
  clear(): void {
    this.drawn.delete(this.frame.peek());
    this.touch();
  }

  /** A mask of this frame from a PNG file, as the commands read it. */
  async loadMask(file: File): Promise<void> {
    this.problem.value = "";
    const page = this.page();
    if (page === undefined) return;
    try {
      const { width, height, data } = parseMaskPng(file.name, new Uint8Array(await file.arrayBuffer()));
      const { map } = page;
      if (width !== map.width || height !== map.height)
        throw new UserError("labels/size", {
          what: `${file.name} is not as large as the frames`,
          got: `${width}x${height}`,
          expected: `${map.width}x${map.height}`,
        });
      const before = { map: { ...map, data: map.data.slice() }, shapes: page.shapes };
      map.data.set(data.map((id) => (id === 255 ? 0 : id)));
      page.history.add(before, page, whole(map));
      this.touch();
    } catch (error) {
      this.tell(error);
    }
  }

  /** From the first labelled frame to the end; labels of later frames are corrections. */
  track(): void {
    const [start, ...later] = this.labelled.peek().toSorted((a, b) => a - b);
    const clip = this.clip.peek();
    const page = this.drawn.get(start ?? -1);
    if (clip === undefined || page === undefined) return;
    const corrections = new Map(later.map((frame) => [frame, this.drawn.get(frame)?.map.data ?? new Uint8Array()]));
    this.tracking.begin({ files: this.files.peek(), start, mask: page.map.data, corrections }, clip);
  }

  /** Objects that tracking knows nothing of: only those of the first labelled frame are followed. */
  readonly strangers = computed(() => {
    const [first, ...later] = this.labelled.value.toSorted((a, b) => a - b);
    const known = new Set(objectsIn(this.drawn.get(first ?? -1)?.map.data ?? new Uint8Array()));
    const all = later.flatMap((frame) => objectsIn(this.drawn.get(frame)?.map.data ?? new Uint8Array()));
    return [...new Set(all)].filter((id) => !known.has(id)).toSorted((a, b) => a - b);
  });

  /** All tracked masks in one ZIP file, named as `tsumugi track` names them. */
  download(): void {
    const clip = this.clip.peek();
    if (clip === undefined) return;
    const masks = this.tracking.files().map(([frame, png]) => [`masks/${clip.names[frame]}.png`, png] as const);
    const about = `Masks of ${clip.name}, tracked in the browser by tsumugi: palette PNG, pixel values are object ids.\n`;
    const zip = zipSync({ "README.txt": strToU8(about), ...Object.fromEntries(masks) }, { level: 0 });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([zip], { type: "application/zip" }));
    link.download = `${clip.name.replace(/\.[^.]*$/u, "")}-masks.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  canTravel(way: "undo" | "redo"): boolean {
    void this.changed.value;
    const history = this.drawn.get(this.frame.value)?.history;
    return (way === "undo" ? history?.canUndo : history?.canRedo) ?? false;
  }

  private travel(way: "undo" | "redo"): void {
    const page = this.drawn.get(this.frame.peek());
    if (page !== undefined) page.history[way](page);
    this.touch();
  }

  /** To draw on; undefined while the frame's picture is on its way. */
  private page(): DrawnFrame | undefined {
    const clip = this.clip.peek();
    const frame = this.frame.peek();
    if (clip === undefined || this.picture.peek()?.frame !== frame) return undefined;
    const known = this.drawn.get(frame);
    if (known !== undefined) return known;
    const { width, height } = clip;
    const data = this.tracking.maskAt(frame)?.slice() ?? new Uint8Array(width * height);
    const made = { map: { width, height, data }, shapes: NO_SHAPES, history: new History() };
    this.drawn.set(frame, made);
    return made;
  }

  private touch(): void {
    this.changed.value++;
  }

  private tell(error: unknown): void {
    this.problem.value = error instanceof Error ? error.message : String(error);
  }
}
