/** @file The timeline: names on the left, ruler and lanes on the right. Dragging seeks, the wheel shows less or more. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ClipModel } from "../clip/clipModel.ts";
import { colourNamed, theme } from "../parts/theme.ts";
import { HIDDEN, type Lane, UNKNOWN } from "../review/lanes.ts";
import { t } from "../texts/texts.ts";
import { frameAt, type Range, rescaled, showing, wholeRange } from "./axis.ts";
import { type DrawnLane, drawTimeline, LANE, RULER } from "./drawTimeline.ts";

/** A lane with its name. */
interface NamedLane extends DrawnLane {
  readonly key: string;
  readonly name: string;
}

const POINT_COLOUR = "#8c8c8c";

/** Objects that are labelled or tracked, then points. */
function lanesOf({ objects, book, tracking }: ClipModel): NamedLane[] {
  const labelled = [...book.labelled.value];
  void tracking.tracked.value?.recorded.value;
  const tracked = new Map(tracking.tracked.value?.lanes.all().map((lane): [string, Lane] => [lane.key, lane]));
  const framesOf = (key: string): number[] =>
    labelled.filter(([, names]) => names.includes(key)).map(([frame]) => frame);
  const known = objects.value.map(({ id, name, colour }) => ({ key: String(id), name, colour }));
  const ids = new Set(known.map(({ key }) => key));
  const points = [...new Set([...tracked.keys(), ...labelled.flatMap(([, names]) => names)])]
    .filter((key) => !ids.has(key))
    .map((key) => ({ key, name: key, colour: POINT_COLOUR }));
  return [...known, ...points].map((one) => ({ ...one, lane: tracked.get(one.key), labelled: framesOf(one.key) }));
}

/** How sure a lane is in a frame, in words. */
function verdictAt(lane: Lane | undefined, frame: number): string {
  if (lane === undefined || lane.states[frame] === UNKNOWN) return "";
  return lane.states[frame] === HIDDEN ? t("stateHidden") : `${Math.round(lane.confidences[frame] * 100)} %`;
}

export function Timeline({ model }: { readonly model: ClipModel }) {
  const { frameCount } = model.clip;
  const canvas = useRef<HTMLCanvasElement>(null);
  const range = useSignal<Range>(wholeRange(frameCount));
  const width = useSignal(1);
  const lanes = lanesOf(model);
  useEffect(() => followCanvas(canvas.current as HTMLCanvasElement, model, range, width), [model, range, width]);
  useSignalEffect(() => {
    range.value = showing(range.peek(), model.player.frame.value, frameCount);
  });
  useSignalEffect(() => paint(canvas.current, model, range.value, width.value));
  return (
    <div class="timeline" style={{ "--lanes": lanes.length }}>
      <ul class="lane-names" style={{ paddingTop: `${RULER}px` }}>
        {lanes.map(({ key, name, colour, lane }) => (
          <li key={key} style={{ height: `${LANE}px` }} title={name}>
            <i class="dot" style={{ background: colour }} />
            <span>{name}</span>
            <output title={t("confidenceTitle")}>{verdictAt(lane, model.player.frame.value)}</output>
          </li>
        ))}
      </ul>
      <canvas
        ref={canvas}
        role="slider"
        tabIndex={0}
        title={t("timelineTitle")}
        aria-label={t("timeline")}
        aria-valuemin={0}
        aria-valuemax={frameCount - 1}
        aria-valuenow={model.player.frame.value}
        style={{ height: `${RULER + lanes.length * LANE}px` }}
      />
    </div>
  );
}

function paint(canvas: HTMLCanvasElement | null, model: ClipModel, range: Range, width: number): void {
  void theme.value;
  const lanes = lanesOf(model);
  const scene = {
    width,
    height: RULER + lanes.length * LANE,
    range,
    frame: model.player.frame.value,
    frameCount: model.clip.frameCount,
    lanes,
    labelled: [...model.book.labelled.value.keys()],
    doubtful: model.doubtful.value,
    cuts: model.tracking.tracked.value?.lanes.cuts ?? [],
  };
  if (canvas === null) return;
  // The style sheet follows the theme first.
  requestAnimationFrame(() => {
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(scene.height * devicePixelRatio);
    const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    const names = ["text", "line", "warn", "accent", "surface"] as const;
    const colours = Object.fromEntries(names.map((name) => [name, colourNamed(name)])) as Record<
      (typeof names)[number],
      string
    >;
    drawTimeline(pen, { ...scene, colours });
  });
}

interface Held<Value> {
  value: Value;
  peek(): Value;
}

function followCanvas(
  canvas: HTMLCanvasElement,
  model: ClipModel,
  range: Held<Range>,
  width: Held<number>,
): () => void {
  const ends = new AbortController();
  const options = { signal: ends.signal };
  const observer = new ResizeObserver(() => {
    width.value = canvas.getBoundingClientRect().width;
  });
  observer.observe(canvas);
  ends.signal.addEventListener("abort", () => observer.disconnect());
  const seek = (event: PointerEvent): void => {
    model.player.pause();
    model.go(frameAt(range.peek(), width.peek(), event.clientX - canvas.getBoundingClientRect().left));
  };
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.setPointerCapture(event.pointerId);
      seek(event);
    },
    options,
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) seek(event);
    },
    options,
  );
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const share = (event.clientX - canvas.getBoundingClientRect().left) / width.peek();
      range.value = rescaled(range.peek(), Math.exp(event.deltaY * 0.002), share, model.clip.frameCount);
    },
    { ...options, passive: false },
  );
  return () => ends.abort();
}
