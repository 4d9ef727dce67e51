/** @file What the pointer and Space do on the stage. */
import type { Signal } from "@preact/signals";
import type { ClipModel } from "../clip/clipModel.ts";
import type { Place } from "../label/labelMap.ts";
import { moved, toFrame } from "./view.ts";

/** Where the pointer is over the stage, pixels of the frame. */
export type Hover = Signal<Place | undefined>;

/** Whether Space is down, and whether it moved the picture. */
const isSpaceHeld = { is: false, isUsed: false };

function onStage(canvas: HTMLCanvasElement, { clientX, clientY }: PointerEvent | WheelEvent): Place {
  const { left, top } = canvas.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

/** The pointer draws; with the middle button, or Space held, it moves the picture. */
export function followPointer(canvas: HTMLCanvasElement, model: ClipModel, hover: Hover): () => void {
  const { drawing } = model;
  const ends = new AbortController();
  const options = { signal: ends.signal };
  let panFrom: Place | undefined;
  const inFrame = (event: PointerEvent): Place => toFrame(model.view.peek(), onStage(canvas, event));
  canvas.addEventListener(
    "pointerdown",
    (event) => {
      canvas.setPointerCapture(event.pointerId);
      (document.activeElement as HTMLElement | null)?.blur();
      model.cursor.value = undefined;
      if (event.button === 1 || isSpaceHeld.is) {
        panFrom = onStage(canvas, event);
        isSpaceHeld.isUsed = true;
        event.preventDefault();
      } else if (event.button === 0 || isOutside(event, model))
        model.withPage((page) =>
          drawing.press(page, inFrame(event), model.view.peek().scale, !isOutside(event, model)),
        );
    },
    options,
  );
  canvas.addEventListener(
    "pointermove",
    (event) => {
      hover.value = inFrame(event);
      if (panFrom !== undefined) {
        const [x, y] = onStage(canvas, event);
        model.chosenView.value = moved(model.view.peek(), x - panFrom[0], y - panFrom[1]);
        panFrom = [x, y];
      } else if (drawing.isDrawing) for (const one of coalesced(event)) drawing.drag(inFrame(one));
    },
    options,
  );
  const release = (): void => {
    panFrom = undefined;
    drawing.release();
  };
  canvas.addEventListener("pointerup", release, options);
  canvas.addEventListener("pointercancel", release, options);
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  canvas.addEventListener("dblclick", () => model.withPage((page) => drawing.closePolygon(page)), options);
  // The page's keys work without the focus; only who comes by the keyboard sees it here.
  canvas.addEventListener("mousedown", (event) => event.preventDefault(), options);
  canvas.addEventListener(
    "pointerleave",
    () => {
      hover.value = undefined;
    },
    options,
  );
  return () => ends.abort();
}

/** A smart click that says what does not belong to the region. */
function isOutside({ button, shiftKey }: PointerEvent, { tools }: ClipModel): boolean {
  return tools.tool.peek() === "click" && (button === 2 || (button === 0 && shiftKey));
}

/** The wheel zooms at the pointer. */
export function followWheel(canvas: HTMLCanvasElement, model: ClipModel): () => void {
  const ends = new AbortController();
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      model.zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0015 : 0.05)), onStage(canvas, event));
    },
    { signal: ends.signal, passive: false },
  );
  return () => ends.abort();
}

/** Every place that the pointer was at, not only one for each picture of the screen. */
function coalesced(event: PointerEvent): readonly PointerEvent[] {
  const all = event.getCoalescedEvents();
  return all.length > 0 ? all : [event];
}

/** Space that no control and no open dialog has a use for. */
function isFreeSpace({ key, target }: KeyboardEvent): boolean {
  const isTaken = target instanceof HTMLElement && target.matches("input, select, textarea, button, a, dialog *");
  return key === " " && !isTaken;
}

/** Space plays or pauses, unless it was held to move the picture. */
export function followSpace(canvas: HTMLCanvasElement, model: ClipModel): () => void {
  const ends = new AbortController();
  const options = { signal: ends.signal };
  addEventListener(
    "keydown",
    (event) => {
      if (!isFreeSpace(event)) return;
      event.preventDefault();
      if (!event.repeat) isSpaceHeld.isUsed = false;
      isSpaceHeld.is = true;
      canvas.dataset["pan"] = "true";
    },
    options,
  );
  addEventListener(
    "keyup",
    (event) => {
      if (event.key !== " " || !isSpaceHeld.is) return;
      isSpaceHeld.is = false;
      delete canvas.dataset["pan"];
      if (!isSpaceHeld.isUsed) model.player.toggle();
    },
    options,
  );
  return () => ends.abort();
}
