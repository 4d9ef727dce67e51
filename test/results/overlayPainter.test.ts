import { describe, expect, it } from "vitest";
import type { TrackRecord } from "../../src/annotations/trackRecord.ts";
import { OverlayPainter } from "../../src/results/overlayPainter.ts";
import { drawOverlay } from "../../src/video/drawing/overlay.ts";

const SIZE = 100;
const grey = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 3).fill(100) };
const empty = { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE) };
const mask = {
  ...empty,
  data: empty.data.map((_, p) => (p % SIZE >= 40 && p % SIZE < 70 && p >= 40 * SIZE && p < 70 * SIZE ? 1 : 0)),
};
const record = (timeSec: number, visible: boolean, of: Partial<TrackRecord> = {}): TrackRecord => {
  const where = visible
    ? ({ place: [55, 55], box: [40, 40, 30, 30], area: 900 } as const)
    : ({ place: null, box: null, area: 0 } as const);
  const speed = { raw: null, smooth: null };
  const verdict = { visible, confidence: 0.5, state: visible ? "visible" : "hidden" } as const;
  return { frame: 0, timeSec, name: "1", label: 1, ...verdict, ...where, speed, ...of };
};
/** Where some rows of a picture begin and end in its data. */
const rows = (from: number, to: number): [number, number] => [3 * SIZE * from, 3 * SIZE * to];
const differs = (a: Uint8Array, b: Uint8Array): boolean => a.some((value, i) => value !== b[i]);

const pointPicture = (of: Partial<TrackRecord>): Uint8Array =>
  new OverlayPainter().paint(grey, undefined, [record(0, true, { box: null, area: null, ...of })]);

const pointAt = (name: string, x: number, of: Partial<TrackRecord> = {}): TrackRecord =>
  record(0, true, { name, place: [x, 50], box: null, area: null, ...of });
const middle = (...points: readonly TrackRecord[]): number =>
  new OverlayPainter([["a", "b"]]).paint(grey, undefined, points)[3 * (50 * SIZE + 50)];

describe("OverlayPainter", () => {
  it("masks in colour with a name above, the frame left alone", () => {
    const out = new OverlayPainter().paint(grey, mask, [record(0, true)]);
    const plain = drawOverlay(grey, mask);
    expect(out.subarray(...rows(40, 70))).toEqual(plain.subarray(...rows(40, 70)));
    expect(differs(out.subarray(...rows(25, 40)), plain.subarray(...rows(25, 40)))).toBe(true);
    expect(grey.data.every((value) => value === 100)).toBe(true);
  });

  it("an uncertain mask is hatched, and no other", () => {
    const out = new OverlayPainter().paint(grey, mask, [record(0, true, { state: "uncertain", confidence: 0.3 })]);
    const hatched = drawOverlay(grey, mask, { doubtful: new Set([1]) });
    expect(out.subarray(...rows(45, 70))).toEqual(hatched.subarray(...rows(45, 70)));
    expect(differs(hatched, drawOverlay(grey, mask))).toBe(true);
  });

  it("a point's name has a number only where it is uncertain; what left is said to", () => {
    const plain = pointPicture({ confidence: 0.9 });
    expect(pointPicture({ confidence: 0.6 })).toEqual(plain);
    const doubtful = pointPicture({ confidence: 0.4, state: "uncertain" });
    expect(differs(doubtful, plain)).toBe(true);
    expect(differs(pointPicture({ confidence: 0.2, state: "uncertain" }), doubtful)).toBe(true);
    const [hidden, left] = (["hidden", "left"] as const).map((state) => pointPicture({ visible: false, state }));
    expect(differs(hidden, left)).toBe(true);
  });

  it("bones between points that are both visible, fainter where one is uncertain", () => {
    const sure = middle(pointAt("a", 20), pointAt("b", 80));
    expect(sure).toBeGreaterThan(140);
    const doubtful = middle(pointAt("a", 20), pointAt("b", 80, { state: "uncertain" }));
    expect(doubtful).toBeGreaterThan(100);
    expect(doubtful).toBeLessThan(sure);
    expect(middle(pointAt("a", 20), pointAt("b", 80, { visible: false, state: "hidden" }))).toBe(100);
    expect(middle(pointAt("a", 20), pointAt("c", 80))).toBe(100);
  });

  it("a mask that vanished keeps its last box for a second, then nothing is drawn", () => {
    const painter = new OverlayPainter();
    painter.paint(grey, mask, [record(0, true)]);
    const soon = painter.paint(grey, empty, [record(0.5, false)]);
    expect([...soon.subarray(3 * (40 * SIZE + 40), 3 * (40 * SIZE + 40) + 3)]).not.toEqual([100, 100, 100]);
    expect(painter.paint(grey, empty, [record(1.5, false)])).toEqual(grey.data);
  });

  it("a mask that was never seen is not drawn; without records only masks are", () => {
    expect(new OverlayPainter().paint(grey, empty, [record(0, false)])).toEqual(grey.data);
    expect(new OverlayPainter().paint(grey, mask, [])).toEqual(drawOverlay(grey, mask));
  });
});
