/** @file The stage: shows the frame, and gives what the pointer does to the tool in hand. */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ClipModel } from "../clip/clipModel.ts";
import { objectsIn, type Place } from "../label/labelMap.ts";
import { t } from "../texts/texts.ts";
import { MaskLayer } from "./maskLayer.ts";
import { drawScene } from "./scene.ts";
import { followPointer, followSpace, followWheel, type Hover } from "./stageInput.ts";

export function StageView({ model }: { readonly model: ClipModel }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hover = useSignal<Place | undefined>(undefined);
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const ends = [
      followSize(element, model),
      paintWhenChanged(element, model, hover),
      followPointer(element, model, hover),
      followWheel(element, model),
      followSpace(element, model),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [model, hover]);
  const isReady = model.drawable() !== undefined;
  return (
    <div class="stage" data-ready={isReady} data-frame={model.shownFrame.value}>
      <canvas ref={canvas} tabIndex={0} role="application" aria-label={t("stage")} />
      <StageNote model={model} />
    </div>
  );
}

/** What is wrong, or what is being waited for. */
function StageNote({ model: { pictures, drawing, tools } }: { readonly model: ClipModel }) {
  const problem = pictures.problem.value || drawing.grower.problem.value;
  if (problem !== "") return <p class="stage-note">{problem}</p>;
  const state = drawing.grower.state.value;
  if (state === "idle" || tools.tool.value !== "click") return null;
  return (
    <p class="stage-note calm" role="status">
      {t(state)}
    </p>
  );
}

function followSize(canvas: HTMLCanvasElement, { stage }: ClipModel): () => void {
  const observer = new ResizeObserver(() => {
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    stage.value = { width, height };
  });
  observer.observe(canvas);
  return () => observer.disconnect();
}

/** Paints once a picture of the screen when something that is seen has changed. */
function paintWhenChanged(canvas: HTMLCanvasElement, model: ClipModel, hover: Hover): () => void {
  const painter = new Painter(canvas, model);
  let waiting = 0;
  const end = effect(() => {
    watch(model);
    void hover.value;
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      painter.paint(hover.peek());
    });
  });
  return () => {
    end();
    cancelAnimationFrame(waiting);
  };
}

/** Reads everything that the stage shows. */
function watch({ player, pictures, book, tools, tracking, drawing, layers, ...rest }: ClipModel): void {
  const { view, stage, objects, cursor } = rest;
  const tracked = tracking.tracked.value;
  const seen = [
    player.frame,
    player.isPlaying,
    pictures.arrived,
    book.drawn,
    tools.tool,
    tools.size,
    tools.opacity,
    tools.style,
    tools.object,
  ];
  for (const one of [
    ...seen,
    drawing.corners,
    drawing.grower.clicks,
    drawing.looking.look,
    drawing.box,
    layers.layer,
    layers.shown,
    view,
    stage,
    objects,
    cursor,
    tracked?.masked,
    tracked?.recorded,
  ])
    void one?.value;
}

class Painter {
  private readonly pen: CanvasRenderingContext2D;
  private readonly canvas: HTMLCanvasElement;
  private readonly model: ClipModel;
  private readonly layer: MaskLayer;
  private named: ReadonlySet<number> = new Set();
  private shown: ImageBitmap | undefined;

  constructor(canvas: HTMLCanvasElement, model: ClipModel) {
    this.canvas = canvas;
    this.model = model;
    this.pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.layer = new MaskLayer(model.clip);
  }

  paint(hover: Place | undefined): void {
    const { model, pen, canvas } = this;
    const { player, pictures, book, shownFrame, view, drawing, tools, tracking, layers } = model;
    const frame = player.frame.peek();
    const picture = pictures.peek(frame);
    if (picture !== undefined) {
      const isNew = shownFrame.peek() !== frame || this.shown !== picture;
      this.shown = picture;
      shownFrame.value = frame;
      this.paintMasks(frame, isNew);
      if (book.peek(frame) === undefined) void book.page(frame);
    }
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    // Still the one before, until this one is here; it cannot be drawn on.
    if (picture === undefined) return;
    const colourOf = (id: number): string => `rgb(${model.rgb(id).join(" ")})`;
    drawScene(pen, {
      view: view.peek(),
      frame: model.clip,
      picture: layers.at(frame) ?? picture,
      masks: this.layer.canvas,
      shapes: book.peek(frame)?.shapes,
      points: tracking.tracked.peek()?.lanes.pointsAt(frame) ?? [],
      corners: drawing.corners.peek(),
      clicks: drawing.grower.clicks.peek(),
      look: tools.tool.peek() === "why" ? drawing.looking.at(frame) : undefined,
      box: drawing.box.peek(),
      hand: this.hand(hover),
      colour: colourOf(tools.object.peek()),
      colourOf,
    });
  }

  private hand(hover: Place | undefined): { at: Place; radius: number } | undefined {
    const { tools, cursor, player } = this.model;
    const at = hover ?? cursor.peek();
    if (at === undefined || player.isPlaying.peek()) return undefined;
    const isRound = tools.tool.peek() === "brush" || tools.tool.peek() === "eraser";
    return { at, radius: isRound ? tools.size.peek() / 2 : 0 };
  }

  /** While a stroke is drawn only what it changed. */
  private paintMasks(frame: number, isNew: boolean): void {
    const { book, tracking, drawing, tools } = this.model;
    const page = book.peek(frame);
    const tracked = tracking.tracked.peek();
    const pending = drawing.takePending();
    const isPart = drawing.isDrawing && !isNew;
    if (isPart) this.named = new Set([...this.named, tools.object.peek()]);
    else this.named = new Set(page === undefined ? [] : objectsIn(page.map.data));
    const paint = {
      style: tools.style.peek(),
      opacity: tools.opacity.peek(),
      rgb: (id: number) => this.model.rgb(id),
      uncertain: tracked?.lanes.uncertainAt(frame) ?? new Set<number>(),
    };
    const masks = { labels: page?.map.data, tracked: tracked?.mask(frame), named: this.named, paint };
    this.layer.show(masks, isPart ? pending : undefined);
  }
}
