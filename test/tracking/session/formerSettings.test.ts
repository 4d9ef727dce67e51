/** @file Settings of sessions that earlier versions began. */
import { describe, expect, it } from "vitest";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { inTodaysWords } from "../../../src/tracking/session/formerSettings.ts";

const { target: _target, pointMotion: _motion, ...protocol } = resolveProtocol("default");
const { smallRows: _rows, ...mode } = modes.fast;

const today = { smallRows: modes.fast.smallRows, pointMotion: "flow" } as const;

describe("settings of before there were target models", () => {
  it("only copied labels", () => {
    const settings = { protocol, mode, encoder: "small" };
    expect(inTodaysWords(settings, today, true)).toEqual({
      protocol: resolveProtocol("default", { target: "none", pointMotion: "none" }),
      mode: modes.fast,
      encoder: "small",
    });
    expect(settings).toEqual({ protocol, mode, encoder: "small" });
  });

  it("are taken as they are where a target model is named", () => {
    for (const target of ["model", "none"] as const) {
      const settings = { protocol: { ...protocol, target, pointMotion: "flow" }, mode: modes.live };
      expect(inTodaysWords(settings, today, true)).toEqual(settings);
    }
  });

  it("or where they are damaged", () => {
    for (const settings of [{}, { protocol: null, mode: null }, { protocol: "default", mode }])
      expect(inTodaysWords(settings, today, true)).toEqual(settings);
    expect(inTodaysWords({ protocol: {}, mode: "fast" }, today, true)).toEqual({
      protocol: { target: "none", pointMotion: "none" },
      mode: "fast",
    });
  });
});

describe("settings of before points were followed by their motion", () => {
  const settings = { protocol: { ...protocol, target: "motion" }, mode: modes.exact };

  it("searched points near where they were", () => {
    for (const pointMotion of ["flow", "none"] as const)
      expect(inTodaysWords(settings, { ...today, pointMotion }, true)).toEqual({
        protocol: resolveProtocol("default", { pointMotion: "none" }),
        mode: modes.exact,
      });
  });

  it("are those of today where there are no points", () => {
    for (const pointMotion of ["flow", "none"] as const)
      expect(inTodaysWords(settings, { ...today, pointMotion }, false).protocol).toEqual(
        resolveProtocol("default", { pointMotion }),
      );
  });
});
