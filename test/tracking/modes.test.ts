import { describe, expect, it } from "vitest";
import { inputShortSide, modes, resolveMode, underMode } from "../../src/tracking/modes.ts";
import { presets, resolveProtocol } from "../../src/tracking/protocols.ts";

describe("modes", () => {
  it("exact and fast leave the protocol as it is", () => {
    for (const name of ["exact", "fast"] as const) expect(underMode(presets.crw, modes[name])).toEqual(presets.crw);
  });

  it("live keeps the nearest memory frames only", () => {
    const { recentFrames } = modes.live;
    expect(underMode(presets.crw, modes.live).memory.recent).toBe(recentFrames);
    const few = resolveProtocol("default", { memory: { recent: 2 } });
    expect(underMode(few, modes.live).memory.recent).toBe(2);
    const distances = resolveProtocol("mast", { memory: { recent: [9, 1, 3] } });
    expect(underMode(distances, { ...modes.live, recentFrames: 2 }).memory.recent).toEqual([1, 3]);
  });

  it("live shrinks the picture by the encoder's stride, never enlarges it, and yields to a size that was asked for", () => {
    const rows = modes.live.cellRows;
    expect(inputShortSide(480, presets.crw, modes.live, 8)).toBe(Math.min(480, 8 * rows));
    expect(inputShortSide(480, presets.crw, modes.live, 4)).toBe(4 * rows);
    expect(inputShortSide(100, presets.crw, modes.live, 8)).toBe(100);
    expect(inputShortSide(480, resolveProtocol("crw", { shortSide: 300 }), modes.live, 8)).toBe(300);
    expect(inputShortSide(480, presets.crw, modes.exact, 8)).toBe(480);
  });

  it("an unknown mode is the user's mistake", () => {
    expect(resolveMode("live")).toBe(modes.live);
    expect(() => resolveMode("quick")).toThrow(/unknown mode: got "quick", expected one of exact, fast, live/);
  });
});
