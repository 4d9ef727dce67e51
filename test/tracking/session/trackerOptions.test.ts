import { join } from "node:path";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { silent } from "../../../src/core/log.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { Tracker, type TrackerOptions } from "../../../src/tracking/session/tracker.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { clip, sourceOf } from "../blocks.ts";

const every: Required<TrackerOptions> = {
  folder: join(tmpdir(), "tsumugi-no-session"),
  source: sourceOf(clip(3).frames),
  encoder: pooledColours(4),
  protocol: resolveProtocol("default"),
  mode: modes.fast,
  direction: "both",
  range: { start: 0, end: 2 },
  boxes: "exact",
  depth: { path: "depth", fingerprint: "0", at: async () => ({ width: 1, height: 1, data: new Float32Array(1) }) },
  arrivals: { what: "like:any", births: 3, deaths: 3, away: 50 },
  identity: { weights: "none" },
  threads: 1,
  logger: silent,
};

const open = (options: object): Promise<Tracker> => Tracker.open({ ...every, ...options });

describe("options of a tracker", () => {
  it("are all accepted, undefined ones too, and what else a caller spreads into them", async () => {
    await using whole = await open({ labels: [], protocolName: "default", modeName: "fast", out: "elsewhere" });
    expect(whole.state).toBe("empty");
    await using least = await open({ mode: undefined, direction: undefined, range: {}, threads: undefined });
    expect(least.state).toBe("empty");
  });

  it.each([
    ["directon", { directon: "both" }, 'the tracker has no option "directon": expected folder, '],
    ["an unknown direction", { direction: "backwards" }, /direction: got "backwards", .*did you mean backward\?$/],
    ["a range by another name", { range: { from: 1 } }, /range has no key "from": expected start, end/],
    ["no source", { source: "clip.mp4" }, 'source: got "clip.mp4", expected a FrameSource'],
    ["no encoder", { encoder: {} }, "encoder: got an object, expected a FeatureExtractor"],
    ["no folder", { folder: "" }, "folder"],
    ["no thread", { threads: 0 }, "threads: got 0, expected number to be >=1"],
    ["half a thread", { threads: 0.5 }, "threads: got 0.5, expected int"],
    ["no logger", { logger: () => {} }, "logger: got a function, expected a Logger"],
  ])("are refused for %s", async (_, options, message) => {
    await expect(open(options)).rejects.toMatchObject({ name: "UserError", code: "tracking/options", status: 400 });
    await expect(open(options)).rejects.toThrow(message);
  });

  it("include a mode and a protocol that are valid themselves", async () => {
    await expect(open({ mode: "fast" })).rejects.toMatchObject({ code: "mode/invalid" });
    await expect(open({ protocol: "crw" })).rejects.toMatchObject({ code: "protocol/invalid" });
  });
});
