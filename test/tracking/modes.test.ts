import { describe, expect, it } from "vitest";
import {
  inputShortSide,
  type LabelKinds,
  modeFor,
  type ModeName,
  modes,
  resolveMode,
  smallSize,
  underMode,
  usualMode,
} from "../../src/tracking/modes.ts";
import { presets, resolveProtocol } from "../../src/tracking/protocols.ts";
import { modeAsKept, nameOfMode } from "../../src/tracking/session/keptMode.ts";

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

  it("a mode that was kept has its name again, whatever its memory and its size", () => {
    for (const name of ["exact", "fast", "live"] as const) {
      const kept = JSON.parse(JSON.stringify({ ...modes[name], recentFrames: 9, cellRows: 3 })) as unknown;
      expect(nameOfMode(kept)).toBe(name);
    }
    expect(nameOfMode({ ...modes.fast, quickMasks: true })).toBeUndefined();
    expect(nameOfMode(undefined)).toBeUndefined();
  });

  it.each<[ModeName, LabelKinds, rows: readonly number[]]>([
    // Frames of 240, 480, 720 and 1080 rows.
    ["exact", "masks", [240, 480, 720, 1080]],
    ["fast", "masks", [240, 480, 720, 720]],
    ["live", "masks", [184, 184, 184, 184]],
    ["exact", "points", [240, 320, 320, 320]],
    ["fast", "points", [240, 320, 320, 320]],
    ["live", "points", [184, 184, 184, 184]],
    ["exact", "both", [240, 480, 720, 720]],
    ["fast", "both", [240, 480, 720, 720]],
    ["live", "both", [184, 184, 184, 184]],
  ])("%s with %s: the encoder's rows", (name, kinds, rows) => {
    const mode = modeFor(modes[name], kinds);
    expect([240, 480, 720, 1080].map((short) => inputShortSide(short, presets.default, mode, 4))).toEqual(rows);
    const asked = resolveProtocol("default", { shortSide: 1000 });
    expect(inputShortSide(720, asked, mode, 4)).toBe(1000);
    expect(nameOfMode(mode)).toBe(name);
  });

  it("a limit of rows is one of cells: a stride twice as large has twice the pixels", () => {
    expect(inputShortSide(2160, presets.default, modes.fast, 8)).toBe(1440);
    expect(inputShortSide(1080, presets.default, modeFor(modes.exact, "points"), 8)).toBe(640);
  });

  it.each([
    // 60 rows of cells, in frames of at least half as many more.
    ["480p, stride 8: its cells are few enough", { width: 854, height: 480 }, 8, undefined],
    ["a row less than half as many more", { width: 960, height: 719 }, 8, undefined],
    ["half as many more", { width: 1280, height: 720 }, 8, { width: 853, height: 480 }],
    ["480p, stride 4", { width: 854, height: 480 }, 4, { width: 427, height: 240 }],
    ["upright", { width: 480, height: 854 }, 4, { width: 240, height: 427 }],
    ["square, stride 1", { width: 90, height: 90 }, 1, { width: 60, height: 60 }],
  ] as const)("the small picture of %s", (_, input, stride, wanted) => {
    for (const mode of [modes.exact, modes.fast]) expect(smallSize(input, mode, stride)).toEqual(wanted);
    expect(smallSize(input, modes.live, stride)).toBeUndefined();
  });

  it("a mode may have other rows for its small picture, and keeps its name", () => {
    const own = { ...modes.exact, smallRows: 10 };
    expect(smallSize({ width: 64, height: 60 }, own, 4)).toEqual({ width: 43, height: 40 });
    expect(smallSize({ width: 64, height: 59 }, own, 4)).toBeUndefined();
    expect(nameOfMode(JSON.parse(JSON.stringify(own)))).toBe("exact");
    const { smallRows: _, ...older } = modes.fast;
    expect(nameOfMode(older)).toBe("fast");
  });

  it("takes size and arithmetic of a mode that was kept, and nothing else of it", () => {
    const kept = JSON.parse(JSON.stringify({ ...modes.live, cellRows: null })) as unknown;
    expect(modeAsKept(modes.exact, kept)).toEqual({ ...modes.exact, cellRows: null, precision: "int8" });
    const older = { ...modes.fast, precision: "float32" };
    expect(modeAsKept(modes.fast, older)).toEqual(older);
    expect(nameOfMode(older)).toBe("fast");
    expect(modeAsKept(modes.exact, modeFor(modes.exact, "points"))).toEqual({ ...modes.exact, cellRows: 80 });
    for (const other of [undefined, null, "fast", {}, { cellRows: "many", precision: "float16" }])
      expect(modeAsKept(modes.fast, other)).toEqual(modes.fast);
  });

  it("an unknown mode is the user's mistake", () => {
    expect(resolveMode("live")).toBe(modes.live);
    expect(() => resolveMode("quick")).toThrow(/unknown mode: got "quick", expected one of exact, fast, live/);
  });
});
