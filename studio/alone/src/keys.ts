/** @file The page's keys: those of the studio, as far as the page does the same. */
import { type Alone, BRUSH } from "./alone.ts";

type Action = (model: Alone) => void;

/** What a key does; undefined for keys that are not the page's, and for those of a field that is being filled in. */
export function actionOf({ key, ctrlKey, metaKey, shiftKey, target }: KeyboardEvent): Action | undefined {
  if (target instanceof HTMLElement && target.matches("input, button, label")) return undefined;
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() !== "z") return undefined;
    return shiftKey ? (model) => model.redo() : (model) => model.undo();
  }
  if (/^[1-9]$/u.test(key))
    return (model) => {
      model.object.value = Number(key);
    };
  return ACTIONS[key.length === 1 ? key.toLowerCase() : key];
}

const by =
  (step: number): Action =>
  (model) =>
    void model.go(model.frame.peek() + step);

const grow =
  (factor: number): Action =>
  ({ size }) => {
    size.value = Math.min(BRUSH.most, Math.max(BRUSH.least, Math.round(size.peek() * factor)));
  };

const ACTIONS: Readonly<Record<string, Action>> = {
  " ": (model) => void model.play(),
  ArrowLeft: by(-1),
  ArrowRight: by(1),
  Home: by(-Infinity),
  End: by(Infinity),
  b: ({ tool }) => {
    tool.value = "brush";
  },
  x: ({ tool }) => {
    tool.value = "eraser";
  },
  "[": grow(1 / 1.25),
  "]": grow(1.25),
  g: (model) => model.track(),
  c: ({ tracking }) => tracking.stop(),
  Delete: (model) => model.clear(),
};
