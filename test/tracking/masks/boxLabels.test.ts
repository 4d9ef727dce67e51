import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import { silent } from "../../../src/core/log.ts";
import { boxMask, type NumberedBoxes, outlineMask } from "../../../src/tracking/masks/boxLabels.ts";
import { scene } from "./scene.ts";

const FRAME = { width: 6, height: 4 };
const box = (name: string, x: number, y: number, width: number, height: number) => ({ name, x, y, width, height });
type Box = ReturnType<typeof box>;
const numbered = (...boxes: readonly Box[]): NumberedBoxes => ({
  boxes,
  ids: boxes.map((_, i) => i + 1),
  name: "boxes.csv",
});

describe("boxes as masks", () => {
  it("whole pixels by rounding, the later box on top", () => {
    const mask = boxMask(numbered(box("a", 0, 0, 4, 2), box("b", 2.6, 0.9, 3.4, 3)), FRAME);
    expect([...mask.data]).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 2, 2, 2, 0, 0, 0, 2, 2, 2]);
  });

  it.each([
    ["rectangles", boxMask],
    [
      "outlines",
      (boxes: NumberedBoxes) => outlineMask(boxes, { ...FRAME, data: new Uint8Array(3 * FRAME.width * FRAME.height) }),
    ],
  ])("%s: refuses boxes outside, without a pixel, hidden, or too many", (_, maskOf) => {
    const make =
      (...boxes: readonly Box[]) =>
      () =>
        maskOf(numbered(...boxes), FRAME);
    expect(make(box("a", 3, 1, 4, 2))).toThrow('boxes.csv: the box "a" is not within the frame');
    expect(make(box("a", 3, 1, 0.2, 2))).toThrow("at least one whole pixel");
    expect(make(box("a", 1, 1, 2, 2), box("b", 0, 0, 6, 4))).toThrow('the box "a" is covered by later ones');
    expect(make(...Array.from({ length: 255 }, (_, i) => box(`${i}`, 0, 0, 1, 1)))).toThrow(UserError);
  });
});

/** The pixels that have an id, as "x,y". */
function pixelsOf({ data }: { readonly data: Uint8Array }, width: number, id: number): Set<string> {
  return new Set([...data].flatMap((own, p) => (own === id ? [`${p % width},${Math.floor(p / width)}`] : [])));
}

describe("boxes refined", () => {
  const red = { colour: [200, 40, 40], has: (x: number, y: number) => Math.hypot(x - 30, y - 30) < 12 };
  const blue = { colour: [40, 60, 220], has: (x: number, y: number) => Math.hypot(x - 46, y - 34) < 10 };

  it("two things that overlap: each has its own pixels, though the boxes share some", () => {
    const picture = scene(80, 64, [red, blue]);
    const mask = outlineMask(numbered(box("red", 18, 18, 24, 24), box("blue", 36, 24, 20, 20)), picture);
    const wrong = [...mask.data].filter((id, p) => {
      const [x, y] = [p % 80, Math.floor(p / 80)];
      return id !== (blue.has(x + 0.5, y + 0.5) ? 2 : red.has(x + 0.5, y + 0.5) ? 1 : 0);
    });
    expect(wrong.length).toBeLessThan(60);
  });

  it("the same picture gives the same pixels, and the order of the boxes decides only where both claim one", () => {
    const picture = scene(80, 64, [red, blue]);
    const boxes = [box("red", 18, 18, 24, 24), box("blue", 36, 24, 20, 20)];
    const once = outlineMask(numbered(...boxes), picture);
    expect(outlineMask(numbered(...boxes), picture).data).toEqual(once.data);
    const turned = outlineMask(numbered(...boxes.toReversed()), picture);
    const changed = [...once.data].filter((id, p) => (id === 0) !== (turned.data[p] === 0));
    expect(changed).toEqual([]);
  });

  it("a thing that a later one covers wholly has what no later box covers", () => {
    const picture = scene(80, 64, [{ ...red, has: (x, y) => x >= 20 && x < 44 && y >= 20 && y < 44 }]);
    // Both boxes hold the same square; the later outline takes all of it.
    const mask = outlineMask(numbered(box("low", 20, 20, 24, 25), box("top", 20, 20, 24, 24)), picture);
    const low = pixelsOf(mask, 80, 1);
    expect(low.size).toBeGreaterThan(0);
    for (const pixel of low) expect(pixel).toMatch(/,44$/);
  });

  it("says which box keeps a plain shape, and why", () => {
    const lines: string[] = [];
    const logger = { ...silent, info: (line: string) => void lines.push(line) };
    outlineMask(numbered(box("tiny", 2, 2, 6, 20)), scene(80, 64, [red]), logger);
    expect(lines).toEqual(['boxes.csv: the box "tiny" keeps a plain shape: it is too small']);
  });
});
