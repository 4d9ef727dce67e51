import { describe, expect, it } from "vitest";
import type { FeatureExtractor, Precision } from "../../src/method/features.ts";
import { modes } from "../../src/tracking/modes.ts";
import { propagateMasks, type PropagationOptions, type TrackedFrame } from "../../src/tracking/propagation.ts";
import { presets, resolveProtocol, type ProtocolName } from "../../src/tracking/protocols.ts";
import type { Frame } from "../../src/video/frame.ts";
import { clip, HEIGHT, intersectionOverUnion, sourceOf, stream, WIDTH } from "./blocks.ts";
import { pooledColours } from "../reference/pooledColours.ts";

async function track(
  options: Partial<PropagationOptions> & Pick<PropagationOptions, "source" | "first">,
): Promise<TrackedFrame[]> {
  const out: TrackedFrame[] = [];
  const defaults = { encoder: pooledColours(4), protocol: resolveProtocol("default"), threads: 2 };
  for await (const tracked of propagateMasks({ ...defaults, ...options })) out.push(tracked);
  return out;
}

describe("correcting frames while they come", () => {
  const { frames, truth } = clip(6);
  const setup = { encoder: pooledColours(4), protocol: resolveProtocol("default"), threads: 1 };
  const run = (): AsyncGenerator<TrackedFrame, void, void> =>
    propagateMasks({ ...setup, source: stream(frames), first: truth[0] });

  it("later frames follow the mask that was put in place; it is shown as cells can", async () => {
    // The blocks are taken for one another from frame 2 on, and stay so.
    const swapped = { ...truth[2], data: truth[2].data.map((id) => (id === 0 ? 0 : 10 - id)) };
    const protocol = resolveProtocol("default", { visibility: "always", memory: { first: "none", recent: 1 } });
    const out: TrackedFrame[] = [];
    for await (const tracked of propagateMasks({ ...setup, protocol, source: stream(frames), first: truth[0] })) {
      out.push(tracked);
      if (tracked.frame.index !== 2) continue;
      const shown = tracked.correct(swapped);
      for (const id of [3, 7]) expect(intersectionOverUnion(shown, swapped, id)).toBeGreaterThan(0.8);
    }
    for (const id of [3, 7]) {
      expect(intersectionOverUnion(out[2].labels, truth[2], id)).toBeGreaterThan(0.7);
      expect(intersectionOverUnion(out[5].labels, truth[5], id)).toBe(0);
    }
  });

  it("void counts as background, an object that is not tracked too", async () => {
    const other = { ...truth[1], data: truth[1].data.map((id) => (id === 7 ? 9 : id === 3 ? 255 : 0)) };
    for await (const { frame, correct } of run()) {
      if (frame.index !== 1) continue;
      expect(correct(other).data.every((label) => label === 0)).toBe(true);
      break;
    }
  });

  it("refuses a mask of another size, the first frame and a frame that was left", async () => {
    const tracked = run();
    const next = async (): Promise<TrackedFrame> => {
      const { value } = await tracked.next();
      if (value === undefined) throw new Error("no frame");
      return value;
    };
    const [first, second] = [await next(), await next()];
    const small = { width: 2, height: 1, data: new Uint8Array(2) };
    expect(() => second.correct(small)).toThrow(expect.objectContaining({ code: "labels/size" }));
    expect(() => first.correct(truth[0])).toThrow(expect.objectContaining({ code: "tracking/correct" }));
    await next();
    expect(() => second.correct(truth[1])).toThrow(expect.objectContaining({ code: "tracking/correct" }));
    await tracked.return();
  });
});

describe("propagation", () => {
  const { frames, truth } = clip(8);

  it.each(Object.keys(presets) as ProtocolName[])("%s follows two objects", async (name) => {
    const temperature = presets[name].similarity === "cosine" ? {} : { temperature: 0.02 };
    const tracked = await track({
      source: stream(frames),
      first: truth[0],
      protocol: resolveProtocol(name, temperature),
    });
    expect(tracked.map(({ frame }) => frame.name)).toEqual(frames.map((frame) => frame.name));
    for (const id of [3, 7]) expect(intersectionOverUnion(tracked[7].labels, truth[7], id)).toBeGreaterThan(0.6);
    expect(tracked[7].labels).toMatchObject({ width: WIDTH, height: HEIGHT });
  });

  it.each(["fast", "live"] as const)("%s follows two objects", async (name) => {
    const tracked = await track({ source: stream(frames), first: truth[0], mode: modes[name] });
    for (const id of [3, 7]) expect(intersectionOverUnion(tracked[7].labels, truth[7], id)).toBeGreaterThan(0.7);
    expect(tracked[7].labels).toMatchObject({ width: WIDTH, height: HEIGHT });
  });

  it.each(["exact", "fast"] as const)("candidates from clusters, %s: two objects are followed", async (name) => {
    const protocol = resolveProtocol("default", { candidates: "clusters" });
    const tracked = await track({ source: stream(frames), first: truth[0], mode: modes[name], protocol });
    for (const id of [3, 7]) expect(intersectionOverUnion(tracked[7].labels, truth[7], id)).toBeGreaterThan(0.7);
  });

  it("live's quick masks and settled tiles are nearly what the slow ways give", async () => {
    const { settle: _, ...pruning } = modes.live.pruning;
    const slow = { ...modes.live, pruning, quickMasks: false };
    const [quick, wanted] = await Promise.all(
      [modes.live, slow].map((mode) => track({ source: stream(frames), first: truth[0], mode })),
    );
    for (const id of [3, 7]) expect(intersectionOverUnion(quick[7].labels, wanted[7].labels, id)).toBeGreaterThan(0.95);
    quick[7].objects.forEach(({ confidence }, i) => expect(confidence).toBeCloseTo(wanted[7].objects[i].confidence, 1));
  });

  it.each([
    ["exact", "float32"],
    ["fast", "int8"],
    ["live", "int8"],
  ] as const)("%s asks the encoder for %s", async (name, wanted) => {
    const inner = pooledColours(4);
    const asked = new Set<Precision | undefined>();
    const encoder: FeatureExtractor = {
      ...inner,
      encode: (picture, precision) => {
        asked.add(precision);
        return inner.encode(picture);
      },
    };
    await track({ source: stream(frames.slice(0, 2)), first: truth[0], mode: modes[name], encoder });
    expect([...asked]).toEqual([wanted]);
  });

  it("reads, encodes and matches at the same time", async () => {
    const events: string[] = [];
    const inner = pooledColours(4);
    let encoded = 0;
    const encoder: FeatureExtractor = {
      ...inner,
      encode: async (picture) => {
        const features = await inner.encode(picture);
        events.push(`encoded ${encoded++}`);
        return features;
      },
    };
    const read = async function* (): AsyncGenerator<Frame> {
      for (const frame of frames) {
        events.push(`read ${frame.index}`);
        yield frame;
      }
    };
    for await (const { frame } of propagateMasks({
      encoder,
      source: read(),
      first: truth[0],
      protocol: resolveProtocol("default"),
      threads: 1,
    })) {
      // While the consumer works on a frame the next one is encoded and the one after is read.
      await new Promise((resolve) => setTimeout(resolve, 5));
      events.push(`used ${frame.index}`);
    }
    for (let t = 0; t + 2 < frames.length; t++) {
      expect(events.indexOf(`encoded ${t + 1}`)).toBeLessThan(events.indexOf(`used ${t}`));
      expect(events.indexOf(`read ${t + 2}`)).toBeLessThan(events.indexOf(`used ${t}`));
    }
  });

  it("gives the same masks with 1 and 3 threads", async () => {
    const [one, three] = await Promise.all(
      [1, 3].map((threads) => track({ source: stream(frames), first: truth[0], threads })),
    );
    expect(three.map(({ labels }) => labels.data)).toEqual(one.map(({ labels }) => labels.data));
  });

  it("the first frame comes back as it was given, with certain objects", async () => {
    const [first] = await track({ source: stream(frames.slice(0, 1)), first: truth[0] });
    expect(first.labels.data).toEqual(truth[0].data);
    expect(first.objects).toEqual([
      { id: 3, area: 256, box: [8, 8, 16, 16], centroid: [16, 16], confidence: 1, visible: true },
      { id: 7, area: 144, box: [40, 28, 12, 12], centroid: [46, 34], confidence: 1, visible: true },
    ]);
  });

  it("starts at another frame", async () => {
    const tracked = await track({ source: sourceOf(frames), first: truth[5], start: 5 });
    expect(tracked.map(({ frame }) => frame.index)).toEqual([5, 6, 7]);
  });

  it("works at another input size, masks at the original one", async () => {
    const protocol = resolveProtocol("default", { shortSide: 90 });
    const tracked = await track({ source: stream(frames), first: truth[0], protocol });
    expect(intersectionOverUnion(tracked[7].labels, truth[7], 3)).toBeGreaterThan(0.6);
    expect(tracked[7].labels.data).toHaveLength(WIDTH * HEIGHT);
  });

  it("reads 0 and 255 alone as one object, and 255 beside objects as background", async () => {
    const binary = { ...truth[0], data: truth[0].data.map((value) => (value === 3 ? 255 : 0)) };
    const [first] = await track({ source: stream(frames.slice(0, 2)), first: binary });
    expect(first.objects.map(({ id, area }) => [id, area])).toEqual([[1, 256]]);
    const withVoid = { ...truth[0], data: truth[0].data.map((value) => (value === 3 ? 255 : value)) };
    const [other] = await track({ source: stream(frames.slice(0, 2)), first: withVoid });
    expect(other.objects.map(({ id }) => id)).toEqual([7]);
    expect(other.labels.data.includes(255)).toBe(false);
  });
});

describe("propagation refuses", () => {
  const { frames, truth } = clip(3);
  const empty = { ...truth[0], data: new Uint8Array(WIDTH * HEIGHT) };

  it.each([
    [
      "a mask of another size",
      { source: stream(frames), first: { width: 2, height: 2, data: new Uint8Array(4) } },
      "labels/size",
    ],
    ["a mask without object", { source: stream(frames), first: empty }, "labels/empty"],
    [
      "a mask of void only",
      { source: stream(frames), first: { ...empty, data: empty.data.map(() => 255) } },
      "labels/empty",
    ],
    ["a start beyond the end", { source: sourceOf(frames), first: truth[0], start: 3 }, "tracking/start"],
    ["a negative start", { source: sourceOf(frames), first: truth[0], start: -1 }, "tracking/start"],
    ["a clip without frames", { source: stream([]), first: truth[0] }, "tracking/start"],
    [
      "frames of different sizes",
      { source: stream([frames[0], { ...frames[1], width: 45, height: 61 }]), first: truth[0] },
      "tracking/frame-size",
    ],
  ])("%s", async (_, options, code) => {
    await expect(track(options)).rejects.toMatchObject({ code });
  });

  it("stops when it is told to, with the reason", async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const { frame } of propagateMasks({
        encoder: pooledColours(4),
        source: stream(frames),
        first: truth[0],
        protocol: resolveProtocol("default"),
        signal: controller.signal,
      })) {
        seen.push(frame.index);
        controller.abort(new Error("enough"));
      }
    };
    await expect(run()).rejects.toThrow("enough");
    expect(seen).toEqual([0]);
  });

  it("an encoder's failure reaches the caller", async () => {
    const encoder: FeatureExtractor = {
      ...pooledColours(4),
      encode: async () => {
        throw new Error("no weights");
      },
    };
    await expect(track({ source: stream(frames), first: truth[0], encoder })).rejects.toThrow("no weights");
  });
});
