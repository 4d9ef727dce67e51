/** @file Settings of sessions that earlier versions began. */
import { describe, expect, it } from "vitest";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { inTodaysWords } from "../../../src/tracking/session/formerSettings.ts";

const { target: _target, ...protocol } = resolveProtocol("default");
const { smallRows: _rows, ...mode } = modes.fast;

describe("settings of before there were target models", () => {
  it("only copied labels", () => {
    const settings = { protocol, mode, encoder: "small" };
    expect(inTodaysWords(settings, modes.fast)).toEqual({
      protocol: resolveProtocol("default", { target: "none" }),
      mode: modes.fast,
      encoder: "small",
    });
    expect(settings).toEqual({ protocol, mode, encoder: "small" });
  });

  it("are taken as they are where a target model is named", () => {
    for (const target of ["model", "none"] as const) {
      const settings = { protocol: { ...protocol, target }, mode: modes.live };
      expect(inTodaysWords(settings, modes.fast)).toEqual(settings);
    }
  });

  it("or where they are damaged", () => {
    for (const settings of [{}, { protocol: null, mode: null }, { protocol: "default", mode }])
      expect(inTodaysWords(settings, modes.fast)).toEqual(settings);
    expect(inTodaysWords({ protocol: {}, mode: "fast" }, modes.fast)).toEqual({
      protocol: { target: "none" },
      mode: "fast",
    });
  });
});
