/** @file What keys do, as data: the page listens to it, and the help shows it. */
import type { TextKey } from "../texts/en.ts";
import type { ClipModel } from "./clipModel.ts";
import { TOOLS, type Tool } from "./tools.ts";

/** A row of the help. */
export interface KeyRow {
  /** As people call the keys. */
  readonly label: string;
  readonly text: TextKey;
  /** By combination, see `combinationOf`; Space is the stage's. */
  readonly keys: Readonly<Record<string, (model: ClipModel) => void>>;
}

const tool = (name: Tool) => (model: ClipModel) => {
  model.drawing.dropPolygon();
  model.tools.tool.value = name;
};
const TOOL_KEYS: Readonly<Record<Tool, string>> = {
  brush: "b",
  eraser: "x",
  click: "w",
  polygon: "p",
  box: "r",
  points: "t",
  why: "y",
};
/** Of a tool, for its title. */
export const toolKey = (name: Tool): string => TOOL_KEYS[name].toUpperCase();

const CURSOR = { i: [0, -1], k: [0, 1], j: [-1, 0], l: [1, 0] } as const;
const cursorKeys = Object.entries(CURSOR).flatMap(([key, [dx, dy]]) => [
  [key, (model: ClipModel) => model.moveCursor(dx, dy, false)] as const,
  [`Shift+${key}`, (model: ClipModel) => model.moveCursor(dx, dy, true)] as const,
]);
const back = (model: ClipModel): void => model.by(-1);
const on = (model: ClipModel): void => model.by(1);
const enlarge = (model: ClipModel): void => model.zoom(1.25);

export const KEY_ROWS: readonly KeyRow[] = [
  { label: "Space", text: "keyPlay", keys: {} },
  { label: "← → or , .", text: "keyStep", keys: { ArrowLeft: back, ArrowRight: on, ",": back, ".": on } },
  {
    label: "Shift ← →",
    text: "keyHop",
    keys: { "Shift+ArrowLeft": (m) => m.by(-10), "Shift+ArrowRight": (m) => m.by(10) },
  },
  { label: "Home, End", text: "keyEnds", keys: { Home: (m) => m.by(-Infinity), End: (m) => m.by(Infinity) } },
  { label: "Q, E", text: "keyLabelled", keys: { q: (m) => m.goLabelled(-1), e: (m) => m.goLabelled(1) } },
  { label: "N, Shift N", text: "keyDoubtful", keys: { n: (m) => m.goDoubtful(1), "Shift+n": (m) => m.goDoubtful(-1) } },
  {
    label: "B, X, W, P, R, T, Y",
    text: "keyTools",
    keys: Object.fromEntries(TOOLS.map((name) => [TOOL_KEYS[name], tool(name)])),
  },
  {
    label: "1–9",
    text: "keyObject",
    keys: Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [String(i + 1), (m: ClipModel) => m.chooseObject(i + 1)]),
    ),
  },
  { label: "A", text: "keyNew", keys: { a: (m) => m.addObject() } },
  { label: "[ ]", text: "keySize", keys: { "[": (m) => m.tools.resize(-1), "]": (m) => m.tools.resize(1) } },
  { label: "I, J, K, L", text: "keyCursor", keys: Object.fromEntries(cursorKeys) },
  { label: "Enter", text: "keyPress", keys: { Enter: (m) => m.pressCursor() } },
  { label: "H", text: "keyOutside", keys: { h: (m) => m.pressCursor(false) } },
  {
    label: "Shift Enter, Esc",
    text: "keyPolygon",
    keys: {
      "Shift+Enter": (m) => m.withPage((page) => m.drawing.closePolygon(page)),
      Escape: (m) => m.drawing.dropPolygon(),
    },
  },
  { label: "V", text: "keyCopy", keys: { v: (m) => void m.copyLabels() } },
  { label: "Delete", text: "keyClear", keys: { Delete: (m) => m.withPage((page) => m.book.clear(page)) } },
  {
    label: "Ctrl Z, Ctrl Shift Z",
    text: "keyUndo",
    keys: { "Ctrl+z": (m) => m.undo(), "Ctrl+Shift+z": (m) => m.redo(), "Ctrl+y": (m) => m.redo() },
  },
  { label: "U", text: "keyLayer", keys: { u: (m) => m.layers.next() } },
  { label: "O", text: "keyStyle", keys: { o: (m) => m.tools.nextStyle() } },
  {
    label: "+ −, F",
    text: "keyZoom",
    keys: { "+": enlarge, "=": enlarge, "-": (m) => m.zoom(0.8), f: (m) => m.fit() },
  },
  {
    label: "G, Shift G",
    text: "keyTrack",
    keys: { g: (m) => void m.track("forward"), "Shift+g": (m) => void m.track("both") },
  },
  { label: "C", text: "keyStop", keys: { c: (m) => void m.tracking.stop() } },
  {
    label: "D, Shift D",
    text: "keyQueue",
    keys: { d: (m) => m.queue.peek()?.go(1), "Shift+d": (m) => m.queue.peek()?.go(-1) },
  },
  { label: "M", text: "keyNothing", keys: { m: (m) => m.queue.peek()?.nothingHere() } },
  { label: "?", text: "keyHelp", keys: {} },
];

const actions = new Map(KEY_ROWS.flatMap(({ keys }) => Object.entries(keys)));

/** A key with what is held, as in `KEY_ROWS`: Shift is named only beside letters and keys with names. */
export function combinationOf({
  key,
  ctrlKey,
  metaKey,
  shiftKey,
}: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">): string {
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const name = key.length === 1 ? key.toLowerCase() : key;
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${shiftKey && !isSign ? "Shift+" : ""}${name}`;
}

/** What a key does; undefined where nothing. */
export function actionOf(event: KeyboardEvent): ((model: ClipModel) => void) | undefined {
  return event.altKey ? undefined : actions.get(combinationOf(event));
}

/** Whether a key belongs to the control that has the focus, not to the page. */
export function isForControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return target.type !== "range" || key.startsWith("Arrow") || key === "Home" || key === "End";
  if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return true;
  return (
    (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) && (key === " " || key === "Enter")
  );
}
