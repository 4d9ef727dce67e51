/** @file From the keys of a task to the protocol. */
import { describe, expect, it } from "vitest";
import { tasks } from "../../src/tasks/index.ts";
import { protocolOf } from "../../src/tasks/settings/protocol.ts";
import { presets } from "../../src/tracking/protocols.ts";

const track = (keys: object) =>
  tasks.track.parse({ task: "track", video: "clip.mp4", labels: [{ path: "first.png" }], out: "result", ...keys });

describe("the target of a task", () => {
  it.each([
    [{}, "motion"],
    [{ target: "model" }, "model"],
    [{ target: "none" }, "none"],
    [{ protocol: "crw" }, "none"],
    [{ protocol: "crw", target: "model" }, "model"],
  ] as const)("%o: %s", (keys, target) => {
    const settings = { protocol: "default", motion: true, ...keys } as const;
    expect(protocolOf(settings)).toEqual({ ...presets[settings.protocol], target });
    expect(track(keys)).toMatchObject(keys);
  });

  it.each(["models", "", true, null])("%o is refused", (target) => {
    expect(() => track({ target })).toThrow(/track: target: /u);
  });
});

describe("the motion of points of a task", () => {
  it.each([
    [{}, "flow"],
    [{ pointMotion: "none" }, "none"],
    [{ protocol: "crw" }, "none"],
    [{ protocol: "dino", pointMotion: "flow" }, "flow"],
  ] as const)("%o: %s", (keys, pointMotion) => {
    const settings = { protocol: "default", motion: true, ...keys } as const;
    expect(protocolOf(settings)).toEqual({ ...presets[settings.protocol], pointMotion });
    expect(track(keys)).toMatchObject(keys);
  });

  it.each(["still", "", true, null])("%o is refused", (pointMotion) => {
    expect(() => track({ pointMotion })).toThrow(/track: pointMotion: /u);
  });
});
