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
const record = (timeSec: number, visible: boolean): TrackRecord => {
  const where = visible
    ? ({ place: [55, 55], box: [40, 40, 30, 30], area: 900 } as const)
    : ({ place: null, box: null, area: 0 } as const);
  const speed = { raw: null, smooth: null };
  return { frame: 0, timeSec, name: "1", label: 1, visible, confidence: 0.5, ...where, speed };
};
/** Where some rows of a picture begin and end in its data. */
const rows = (from: number, to: number): [number, number] => [3 * SIZE * from, 3 * SIZE * to];
const differs = (a: Uint8Array, b: Uint8Array): boolean => a.some((value, i) => value !== b[i]);

describe("OverlayPainter", () => {
  it("masks in colour with a name above, the frame left alone", () => {
    const out = new OverlayPainter().paint(grey, mask, [record(0, true)]);
    const plain = drawOverlay(grey, mask);
    expect(out.subarray(...rows(40, 70))).toEqual(plain.subarray(...rows(40, 70)));
    expect(differs(out.subarray(...rows(25, 40)), plain.subarray(...rows(25, 40)))).toBe(true);
    expect(grey.data.every((value) => value === 100)).toBe(true);
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
