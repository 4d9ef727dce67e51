import { describe, expect, it } from "vitest";
import { MemoryBank } from "../../src/tracking/matching/memoryBank.ts";
import { memoryFrames, presets, resolveProtocol, type ProtocolName } from "../../src/tracking/protocols.ts";

/** `*` = unrestricted, `xN` = N copies. */
function text(name: ProtocolName, t: number): string[] {
  return memoryFrames(presets[name], t).map(
    ({ frame, windowed, copies }) => `${frame}${windowed ? "" : "*"}${copies > 1 ? `x${copies}` : ""}`,
  );
}

describe("memory frames", () => {
  it("crw pads with the first frame, which is there unrestricted as well", () => {
    expect(text("crw", 1)).toEqual(["0", "0x19", "0*"]);
    expect(text("crw", 3)).toEqual(["2", "1", "0", "0x17", "0*"]);
    expect(text("crw", 25)).toEqual([...Array.from({ length: 20 }, (_, i) => String(24 - i)), "0*"]);
  });

  it("mast has {0, 5} and every second of the last five, each once", () => {
    expect(text("mast", 1)).toEqual(["0"]);
    expect(text("mast", 6)).toEqual(["5", "3", "1", "0"]);
    expect(text("mast", 20)).toEqual(["19", "17", "15", "0", "5"]);
  });

  it("dino has the first frame once, vfs twice while it is recent", () => {
    expect(text("dino", 2)).toEqual(["1", "0"]);
    expect(text("vfs", 2)).toEqual(["1", "0", "0"]);
  });
});

describe("the memory bank holds every frame that is asked for", () => {
  it.each(Object.keys(presets) as ProtocolName[])("%s", (name) => {
    const bank = new MemoryBank(presets[name]);
    bank.place(0);
    for (let t = 1; t < 60; t++) {
      const slot = bank.place(t);
      const slots = memoryFrames(presets[name], t).map(({ frame }) => bank.find(frame));
      expect(slots).not.toContain(slot);
      expect(Math.max(slot, ...slots)).toBeLessThan(bank.slots);
    }
  });

  it("a forgotten frame is our bug", () => {
    const bank = new MemoryBank(presets.dino);
    for (let t = 0; t < 20; t++) bank.place(t);
    expect(() => bank.find(3)).toThrow("internal: frame 3 is no longer in the memory bank");
  });
});

describe("resolving a protocol", () => {
  it("replaces single choices", () => {
    const protocol = resolveProtocol("crw", { topK: 3, radius: { cells: 7 }, memory: { recent: 4 } });
    expect(protocol).toEqual({
      ...presets.crw,
      topK: 3,
      radius: { ...presets.crw.radius, cells: 7 },
      memory: { ...presets.crw.memory, recent: 4 },
    });
  });

  it("target models are ours; the research codes only copy", () => {
    for (const [name, { target }] of Object.entries(presets))
      expect(target).toBe(name === "default" ? "motion" : "none");
    expect(resolveProtocol("crw", { target: "model" })).toEqual({ ...presets.crw, target: "model" });
    expect(resolveProtocol("default", { target: undefined }).target).toBe("motion");
  });

  it("an unknown name gets the nearest one", () => {
    expect(() => resolveProtocol("crv")).toThrow(
      /unknown protocol: got "crv", expected one of default, crw, .*did you mean crw\?/u,
    );
    expect(() => resolveProtocol("toString")).toThrow("unknown protocol");
  });

  it.each([
    [{ topK: 0 }, "topK"],
    [{ target: "models" as "model" }, "target"],
    [{ temperature: 0 }, "temperature"],
    [{ radius: { cells: -1 } }, "radius.cells"],
    [{ memory: { recent: 3.5 } }, "memory.recent"],
    [{ memory: { recent: 0, first: "none" as const, start: "once" as const } }, "holds nothing"],
    [{ memory: { recent: [2], first: "none" as const, start: "once" as const } }, "holds nothing"],
  ])("%o is refused", (overrides, message) => {
    expect(() => resolveProtocol("default", overrides)).toThrow(message);
  });
});
