/** @file How large frames are for the encoder, and in which order they come. */
import { describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import type { FeatureExtractor } from "../../src/method/features.ts";
import {
  cellsPerPixel,
  encodedFrames,
  inputSize,
  requireSize,
  tellShrinking,
} from "../../src/tracking/encodedFrames.ts";
import { modes } from "../../src/tracking/modes.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import { resizeRgb } from "../../src/video/resize.ts";
import { pooledColours } from "../reference/pooledColours.ts";
import { clip, HEIGHT, stream, WIDTH } from "./blocks.ts";

const protocol = resolveProtocol("default");
const small = resolveProtocol("default", { shortSide: 240 });
const frame = { width: 854, height: 480 };

describe("the size of the encoder's input", () => {
  it.each([
    ["the frame's own", { protocol, mode: modes.exact }, [854, 480]],
    ["the mode's", { protocol, mode: modes.live }, [327, 184]],
    ["the protocol's before the mode's", { protocol: small, mode: modes.live }, [427, 240]],
    ["a shorter side before both", { protocol: small, mode: modes.live, input: 320 }, [569, 320]],
    ["the frame's own though both say otherwise", { protocol: small, mode: modes.live, input: null }, [854, 480]],
    [
      "both sides, proportions not kept",
      { protocol: small, mode: modes.live, input: { width: 320, height: 320 } },
      [320, 320],
    ],
  ] as const)("%s", (_, options, [width, height]) => {
    expect(inputSize(frame, options, 4)).toEqual({ width, height });
  });

  it("says how cells lie over a squashed frame", () => {
    const input = { width: 320, height: 320 };
    expect(cellsPerPixel({ frame: { width: 640, height: 160 }, input, stride: 4 })).toEqual({ x: 0.125, y: 0.5 });
  });
});

/** What is said of frames of this size. */
function said(size: typeof frame, options: Parameters<typeof inputSize>[1]): string[] {
  const lines: string[] = [];
  tellShrinking(size, options, 4, { ...silent, info: (line) => void lines.push(line) });
  return lines;
}

describe("what is said of the encoder's input", () => {
  const fast = { protocol, mode: modes.fast };

  it("that it is smaller than the frame, and how to change that", () => {
    expect(said({ width: 1920, height: 1080 }, fast)).toEqual([
      "frames of 1920x1080 are encoded at 1280x720; --short-side 1080 keeps their size",
    ]);
    expect(said({ width: 1080, height: 1920 }, fast)).toEqual([
      "frames of 1080x1920 are encoded at 720x1280; --short-side 1080 keeps their size",
    ]);
  });

  it("nothing where frames keep their size, or have one that was asked for", () => {
    expect(said(frame, fast)).toEqual([]);
    expect(said(frame, { ...fast, protocol: small })).toEqual([]);
    expect(said(frame, { ...fast, input: 320 })).toEqual([]);
  });
});

describe("encoded frames", () => {
  const { frames } = clip(4);

  it("come in order with their features, input size and stride", async () => {
    const out = [];
    const options = { encoder: pooledColours(4), protocol, mode: modes.exact, input: { width: 40, height: 24 } };
    for await (const one of encodedFrames(stream(frames), options)) out.push(one);
    expect(out.map((one) => one.frame.index)).toEqual([0, 1, 2, 3]);
    expect(out[3]).toMatchObject({ input: { width: 40, height: 24 }, stride: 4 });
    expect(out[3].features).toMatchObject({ width: 10, height: 6 });
  });

  it("are resized by the encoder where it can do that", async () => {
    const inner = pooledColours(4);
    const asked: string[] = [];
    const encoder: FeatureExtractor = {
      ...inner,
      encodeResized: (picture, { width, height }, precision) => {
        asked.push(`${picture.width}x${picture.height} to ${width}x${height}, ${precision}`);
        return inner.encode(picture);
      },
    };
    for (const input of [null, { width: 40, height: 24 }])
      for await (const _ of encodedFrames(stream(frames.slice(0, 1)), { encoder, protocol, mode: modes.live, input }));
    expect(asked).toEqual([`${WIDTH}x${HEIGHT} to 40x24, int8`]);
  });

  it("come with a small picture where masks are tracked with a target model, and the mode has one", async () => {
    const mode = { ...modes.exact, smallRows: 5 };
    const none = resolveProtocol("default", { target: "none" });
    const firstOf = async (options: object) => {
      const given = { encoder: pooledColours(4), protocol, mode, ...options };
      for await (const one of encodedFrames(stream(frames.slice(0, 1)), given)) return one;
      throw new Error("no frame");
    };
    const { small, ...large } = await firstOf({ hasMasks: true });
    expect(small).toMatchObject({ frame: frames[0], stride: 4, input: { width: 27, height: 20 } });
    expect(small?.features).toEqual(
      await pooledColours(4).encode({ width: 27, height: 20, data: resizeRgb(frames[0], 27, 20) }),
    );
    expect(large.features).toMatchObject({ width: 16, height: 12 });
    for (const options of [
      {},
      { hasMasks: true, protocol: none },
      { hasMasks: true, mode: modes.exact },
      { hasMasks: true, mode: { ...mode, smallRows: null } },
      { hasMasks: true, input: 29 },
    ])
      expect(await firstOf(options)).not.toHaveProperty("small");
  });

  it("an error of the small picture is one of its frame", async () => {
    const encoder: FeatureExtractor = {
      ...pooledColours(4),
      encodeApart: () => Promise.reject(new Error("no small picture")),
    };
    const mode = { ...modes.exact, smallRows: 5 };
    const run = encodedFrames(stream(frames), { encoder, protocol, mode, hasMasks: true });
    await expect(run.next()).rejects.toThrow("no small picture");
    await run.return?.();
  });

  it("that are shrunk are announced, once", async () => {
    const lines: string[] = [];
    const logger = { ...silent, info: (line: string) => void lines.push(line) };
    const mode = { ...modes.exact, cellRows: 5 };
    for await (const _ of encodedFrames(stream(frames), { encoder: pooledColours(4), protocol, mode, logger }));
    expect(lines).toEqual([
      `frames of ${WIDTH}x${HEIGHT} are encoded at 27x20; --short-side ${HEIGHT} keeps their size`,
    ]);
  });

  it("of another size than the first one are refused", () => {
    const [first] = frames;
    expect(() => requireSize(first, { width: WIDTH, height: HEIGHT })).not.toThrow();
    expect(() => requireSize(first, { width: HEIGHT, height: WIDTH })).toThrow(
      "frame 00000 has another size than the first one: got 61x45, expected 45x61",
    );
  });
});
