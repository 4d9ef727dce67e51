import { describe, expect, it } from "vitest";
import { requireMode, requireProtocol } from "../../src/tracking/modeChecks.ts";
import { modes } from "../../src/tracking/modes.ts";
import { presets, resolveProtocol } from "../../src/tracking/protocols.ts";

const { pruning } = modes.fast;

describe("a mode built by hand", () => {
  it.each(Object.entries(modes))("may be %s, with other numbers too", (_, mode) => {
    expect(() => requireMode(mode)).not.toThrow();
    expect(() => requireMode({ ...mode, recentFrames: 2, cellRows: 30 })).not.toThrow();
  });

  it.each([
    ["nothing", undefined, "the mode: got nothing, expected object"],
    ["its name", "fast", 'the mode: got "fast", expected object; pass the mode itself: resolveMode("fast")'],
    [
      "a key that does not exist",
      { ...modes.fast, recentFrame: 3 },
      /^the mode has no key "recentFrame": expected pruning, .*; did you mean recentFrames\?$/,
    ],
    [
      "a key of pruning that does not exist",
      { ...modes.fast, pruning: { ...pruning, beliefs: 1 } },
      /^the mode: pruning has no key "beliefs": .*did you mean belief\?$/,
    ],
    [
      "an unknown precision",
      { ...modes.fast, precision: "float16" },
      'the mode: precision: got "float16", expected one of float32, int8; did you mean float32?',
    ],
    ["a share above 1", { ...modes.fast, pruning: { ...pruning, energy: 1.5 } }, /pruning\.energy: got 1\.5, .*<=1$/],
    ["no row of a small picture", { ...modes.fast, smallRows: 0 }, /smallRows: got 0, expected number to be >=1$/],
    ["no recent frame", { ...modes.fast, recentFrames: 0 }, /recentFrames: got 0, expected number to be >=1$/],
  ])("is refused for %s", (_, mode, message) => {
    expect(() => requireMode(mode)).toThrow(expect.objectContaining({ code: "mode/invalid", status: 400 }));
    expect(() => requireMode(mode)).toThrow(message);
  });

  it("lacks no key", () => {
    for (const key of Object.keys(modes.exact)) {
      const partial = Object.fromEntries(Object.entries(modes.exact).filter(([name]) => name !== key));
      expect(() => requireMode(partial)).toThrow(`the mode: ${key}`);
    }
  });
});

describe("a protocol built by hand", () => {
  it.each(Object.keys(presets))("may be %s", (name) => {
    expect(() => requireProtocol(resolveProtocol(name))).not.toThrow();
    expect(() => requireProtocol(resolveProtocol(name, { candidates: "clusters" }))).not.toThrow();
  });

  it.each([
    ["its name", "crw", 'the protocol: got "crw", expected object; pass the protocol itself: resolveProtocol("crw")'],
    ["a key that does not exist", { ...presets.crw, topk: 5 }, /has no key "topk": .*did you mean topK\?$/],
    ["a memory key", { ...presets.crw, memory: { ...presets.crw.memory, fist: 1 } }, /did you mean first\?$/],
    [
      "an unknown target",
      { ...presets.default, target: "models" },
      'the protocol: target: got "models", expected one of motion, model, none; did you mean model?',
    ],
    [
      "a radius of another shape",
      { ...presets.crw, radius: { ...presets.crw.radius, shape: "circle" } },
      "radius.shape",
    ],
    [
      "no temperature",
      { ...presets.crw, temperature: 0 },
      "the protocol: temperature: got 0, expected number to be >0",
    ],
  ])("is refused for %s", (_, protocol, message) => {
    expect(() => requireProtocol(protocol)).toThrow(expect.objectContaining({ code: "protocol/invalid" }));
    expect(() => requireProtocol(protocol)).toThrow(message);
  });
});
