/** @file The frame with its masks, which can be drawn on. */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { colourOf, rgbOf } from "../../src/label/colours.ts";
import { MaskLayer } from "../../src/player/maskLayer.ts";
import type { Place, Size } from "../../src/label/labelMap.ts";
import { fitted, toFrame, toStage } from "../../src/player/view.ts";
import type { Alone } from "./alone.ts";
import { t } from "./texts.ts";

const NOTHING: ReadonlySet<number> = new Set();
const OPACITY = 0.45;
const rgbOfObject = (id: number): readonly [number, number, number] => rgbOf(colourOf(id));

export function StageView({ model }: { readonly model: Alone }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hover = useSignal<Place | undefined>(undefined);
  const size = useSignal<Size>({ width: 1, height: 1 });
  const clip = model.clip.value;
  useEffect(() => {
    const element = canvas.current;
    if (element === null || clip === undefined) return undefined;
    const layer = new MaskLayer(clip);
    const observer = new ResizeObserver(() => {
      const { width, height } = element.getBoundingClientRect();
      element.width = Math.round(width * devicePixelRatio);
      element.height = Math.round(height * devicePixelRatio);
      size.value = { width, height };
    });
    observer.observe(element);
    const end = effect(() => paint(element, model, layer, { hover: hover.value, stage: size.value }));
    return () => {
      end();
      observer.disconnect();
    };
  }, [model, clip, hover, size]);
  if (clip === undefined) return null;
  const inFrame = ({ clientX, clientY }: PointerEvent): Place => {
    const { left = 0, top = 0 } = canvas.current?.getBoundingClientRect() ?? {};
    return toFrame(fitted(clip, size.peek()), [clientX - left, clientY - top]);
  };
  return (
    <div class="stage" data-ready={model.picture.value?.frame === model.frame.value} data-frame={model.frame.value}>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={t("stage")}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          model.press(inFrame(event));
        }}
        onPointerMove={(event) => {
          hover.value = inFrame(event);
          for (const one of event.getCoalescedEvents()) model.drag(inFrame(one));
          model.drag(inFrame(event));
        }}
        onPointerUp={() => model.release()}
        onPointerCancel={() => model.release()}
        onPointerLeave={() => {
          hover.value = undefined;
        }}
      />
    </div>
  );
}

interface Seen {
  readonly hover: Place | undefined;
  readonly stage: Size;
}

function paint(canvas: HTMLCanvasElement, model: Alone, layer: MaskLayer, { hover, stage }: Seen): void {
  const clip = model.clip.value;
  const shown = model.picture.value;
  void model.changed.value;
  const pen = canvas.getContext("2d");
  if (clip === undefined || shown === undefined || pen === null) return;
  const uncertain = model.tracking.unsureAt(shown.frame);
  layer.show({
    labels: model.maskAt(shown.frame),
    tracked: undefined,
    named: NOTHING,
    paint: { style: "filled", opacity: OPACITY, rgb: rgbOfObject, uncertain },
  });
  const view = fitted(clip, stage);
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.clearRect(0, 0, stage.width, stage.height);
  for (const image of [shown.bitmap, layer.canvas])
    pen.drawImage(image, view.left, view.top, clip.width * view.scale, clip.height * view.scale);
  if (hover === undefined) return;
  pen.strokeStyle = colourOf(model.object.value);
  pen.lineWidth = 1.75;
  pen.beginPath();
  pen.arc(...toStage(view, hover), (model.size.value / 2) * view.scale, 0, 2 * Math.PI);
  pen.stroke();
}
