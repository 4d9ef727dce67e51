import { describe, expect, it } from "vitest";
import { inputShortSide, modes, nameOfMode, resolveMode, underMode, usualMode } from "../../src/tracking/modes.ts";
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

  it("without a word masks are carried fast and points exactly by our protocol, all exactly by those of research codes", () => {
    expect([usualMode("default"), usualMode("default", true), usualMode("crw")]).toEqual(["fast", "exact", "exact"]);
  });

  it("a mode that was kept has its name again, whatever its memory", () => {
    for (const name of ["exact", "fast", "live"] as const) {
      const kept = JSON.parse(JSON.stringify({ ...modes[name], recentFrames: 9 })) as unknown;
      expect(nameOfMode(kept)).toBe(name);
    }
    expect(nameOfMode({ ...modes.fast, cellRows: 3 })).toBeUndefined();
    expect(nameOfMode(undefined)).toBeUndefined();
  });

  it("an unknown mode is the user's mistake", () => {
    expect(resolveMode("live")).toBe(modes.live);
    expect(() => resolveMode("quick")).toThrow(/unknown mode: got "quick", expected one of exact, fast, live/);
  });
});
