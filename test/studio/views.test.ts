/** @file Lanes, the timeline's axis, the view, keys and texts. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { FrameRecord } from "../../studio/src/api/types.ts";
import { clipOfAddress, frameOfAddress, addressOf } from "../../studio/src/clip/address.ts";
import { actionOf, combinationOf, KEY_ROWS } from "../../studio/src/clip/keys.ts";
import { Pace } from "../../studio/src/footage/pace.ts";
import { surroundings } from "../../studio/src/inspect/drawFound.ts";
import { colourOf, rgbOf } from "../../studio/src/label/colours.ts";
import { clockText } from "../../studio/src/player/player.ts";
import { fitted, toFrame, toStage, zoomed } from "../../studio/src/player/view.ts";
import { HIDDEN, Lanes, neighbour, SEEN, UNCERTAIN, UNKNOWN } from "../../studio/src/review/lanes.ts";
import { en } from "../../studio/src/texts/en.ts";
import { ja } from "../../studio/src/texts/ja.ts";
import { frameAt, positionOf, rescaled, showing, tickStep, wholeRange } from "../../studio/src/timeline/axis.ts";

const record = (
  frame: number,
  objects: [id: number, visible: boolean, confidence: number][],
  cut: FrameRecord["cut"] = null,
): FrameRecord => ({
  frame,
  name: String(frame),
  timeSec: frame / 25,
  run: "r",
  cut,
  objects: objects.map(([id, visible, confidence]) => ({
    id,
    visible,
    confidence,
    area: 9,
    box: null,
    centroid: null,
  })),
  points: [],
});

describe("the surroundings of a place", () => {
  const found = { frame: 0, share: 1, width: 200, height: 100, heat: new Uint8Array(), chosen: [] };
  it("are 31 cells around it, 4 to 3, within the frame", () => {
    const frame = { width: 800, height: 400 };
    const { left, top, width, height } = surroundings([400, 200], frame, found);
    expect([height, width, left + width / 2, top + height / 2]).toEqual([124, (124 * 4) / 3, 400, 200]);
    expect(surroundings([799, 1], frame, found)).toMatchObject({ left: 800 - (124 * 4) / 3, top: 0 });
  });

  it("are no larger than a small frame", () => {
    const all = surroundings([5, 5], { width: 40, height: 40 }, { ...found, width: 10, height: 10 });
    expect(all).toEqual({ left: 0, top: 0, width: 40, height: 30 });
  });
});

describe("the pace of an upload", () => {
  it("counts from what was there at the beginning, and says nothing before anything came", () => {
    const pace = new Pace(1000);
    expect(pace.left(200, 5000)).toBeUndefined();
    expect(pace.left(200, 6000)).toBeUndefined();
    expect(pace.left(600, 7000)).toBe(2);
    expect(pace.left(1000, 9000)).toBe(0);
  });
});

describe("lanes", () => {
  it("know the state of each object in each frame; a later record replaces an earlier one", () => {
    const lanes = new Lanes(5);
    for (const [frame, confidence] of [1, 0.9, 0.3, 0.4, 0.8].entries())
      lanes.add(
        record(frame, [
          [2, true, confidence],
          [1, frame !== 3, 0.7],
        ]),
      );
    expect(lanes.all().map(({ key, states }) => [key, [...states]])).toEqual([
      ["1", [SEEN, SEEN, SEEN, HIDDEN, SEEN]],
      ["2", [SEEN, SEEN, UNCERTAIN, UNCERTAIN, SEEN]],
    ]);
    expect([...lanes.uncertainAt(3)]).toEqual([2]);
    expect(lanes.doubtful()).toEqual([2, 3]);
    lanes.add(record(2, [[1, true, 0.9]]));
    expect(lanes.all().map(({ states }) => states[2])).toEqual([SEEN, UNKNOWN]);
  });

  it("know cuts from either side, points, and what lies beyond the clip", () => {
    const lanes = new Lanes(4);
    lanes.add(record(1, [], "after"));
    lanes.add(record(3, [], "after"));
    lanes.add({ ...record(1, []), points: [{ name: "nose", x: 3, y: 4, visible: true, confidence: 0.2 }] });
    lanes.add(record(9, [[1, true, 1]]));
    expect([...lanes.cuts]).toEqual([2]);
    expect(lanes.pointsAt(1)).toEqual([{ name: "nose", x: 3, y: 4, visible: true, confidence: 0.2 }]);
    expect(lanes.all().map(({ key, id }) => [key, id])).toEqual([["nose", undefined]]);
    expect(lanes.hasMask(1)).toBe(false);
    lanes.add(record(0, [[1, false, 0.5]]));
    expect([lanes.hasMask(0), lanes.hasMask(1)]).toEqual([true, false]);
  });

  it("neighbours are found on either side, and none beyond the last", () => {
    expect([neighbour([3, 8], 3, 1), neighbour([3, 8], 5, -1), neighbour([3, 8], 8, 1), neighbour([], 0, 1)]).toEqual([
      8,
      3,
      undefined,
      undefined,
    ]);
  });
});

describe("the timeline's axis", () => {
  it("finds the frame at a position and the position of a frame", () => {
    const range = { from: 10, to: 20 };
    expect(positionOf(range, 100, 15)).toBe(50);
    for (const frame of [10, 13, 19]) expect(frameAt(range, 100, positionOf(range, 100, frame) + 1)).toBe(frame);
  });

  it("keeps the frame under the pointer, and stays in the clip", () => {
    const near = rescaled(wholeRange(1000), 0.5, 0.3, 1000);
    expect(frameAt(near, 100, 30)).toBe(300);
    expect(rescaled(near, 100, 0.9, 1000)).toEqual(wholeRange(1000));
    const least = rescaled(wholeRange(1000), 1e-9, 0, 1000);
    expect(least.to - least.from).toBe(8);
    expect(rescaled(wholeRange(3), 1e-9, 0.5, 3)).toEqual(wholeRange(3));
  });

  it("follows the player, and numbers are apart", () => {
    expect(showing({ from: 0, to: 10 }, 5, 100)).toEqual({ from: 0, to: 10 });
    for (const frame of [0, 42, 99]) {
      const { from, to } = showing({ from: 20, to: 30 }, frame, 100);
      expect(from <= frame && frame < to && to - from === 10).toBe(true);
    }
    expect([tickStep({ from: 0, to: 90_000 }, 1000), tickStep({ from: 0, to: 8 }, 1000)]).toEqual([10_000, 1]);
  });
});

describe("the view", () => {
  it("fits, and zooming keeps the place under the pointer", () => {
    const view = fitted({ width: 200, height: 100 }, { width: 424, height: 424 });
    expect(view).toEqual({ scale: 2, left: 12, top: 112 });
    const at = [100, 150] as const;
    const larger = zoomed(view, 3, at, 0.1);
    expect(larger.scale).toBe(6);
    expect(toStage(larger, toFrame(view, at))).toEqual([100, 150]);
    expect(zoomed(view, 1e9, at, 0.1).scale).toBe(64);
    expect(zoomed(view, 1e-9, at, 0.1).scale).toBe(0.1);
  });

  it("times and addresses", () => {
    expect([clockText(4.321), clockText(59.999), clockText(3723.4)]).toEqual(["0:04.32", "1:00.00", "1:02:03.40"]);
    const address = addressOf("a-_1", 12);
    expect([clipOfAddress(address), frameOfAddress(address)]).toEqual(["a-_1", 12]);
    expect([clipOfAddress("#/"), clipOfAddress("#/clip/../x"), frameOfAddress("#/clip/a")]).toEqual([
      undefined,
      undefined,
      0,
    ]);
  });

  it("neighbouring objects differ in colour", () => {
    for (let id = 1; id < 20; id++) expect(colourOf(id)).not.toBe(colourOf(id + 1));
    expect(rgbOf("#0b6e75")).toEqual([11, 110, 117]);
  });
});

const event = (
  key: string,
  held: Partial<Record<"shiftKey" | "ctrlKey" | "altKey" | "metaKey", boolean>> = {},
): KeyboardEvent => ({ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...held }) as KeyboardEvent;

describe("keys", () => {
  it("are named whatever the keyboard's layout", () => {
    expect(combinationOf(event("N", { shiftKey: true }))).toBe("Shift+n");
    expect(combinationOf(event("+", { shiftKey: true }))).toBe("+");
    expect(combinationOf(event("z", { metaKey: true }))).toBe("Ctrl+z");
    expect(actionOf(event("z"))).toBeUndefined();
    expect(actionOf(event("ArrowLeft", { altKey: true }))).toBeUndefined();
    expect(actionOf(event("ArrowLeft", { shiftKey: true }))).toBeTypeOf("function");
  });

  it("no key does two things, and the documentation lists them all", async () => {
    const all = KEY_ROWS.flatMap(({ keys }) => Object.keys(keys));
    expect(new Set(all).size).toBe(all.length);
    const page = await readFile(new URL("../../docs/studio.md", import.meta.url), "utf8");
    const table = page.slice(page.indexOf("## Keys"), page.indexOf("## Not there yet"));
    const told = [...table.matchAll(/^\| (?<label>.+?) \| (?<text>.+) \|$/gmu)]
      .slice(1)
      .map(({ groups }) => [groups?.["label"], groups?.["text"]]);
    expect(told).toEqual(KEY_ROWS.map(({ label, text }) => [label, en[text]]));
  });
});

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/gu)].map(([hole]) => hole).sort();

it("Japanese texts put in what English ones do, and are Japanese", () => {
  for (const [key, text] of Object.entries(ja)) {
    expect(holes(text), key).toEqual(holes(en[key as keyof typeof en]));
    if (!key.startsWith("language"))
      expect(text, key).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
  }
});
