import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { openEncoder } from "../../../src/method/node/openEncoder.ts";
import { openEncoderThread } from "../../../src/method/node/encoderThread.ts";
import { untrainedWeights } from "../../../src/method/encoderWeights.ts";
import { resizeRgb } from "../../../src/video/resize.ts";

const weights = untrainedWeights("nano");
const random = new Random(2);
const picture = (width: number, height: number) => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, () => random.integer(256)),
});

describe("an encoder on its own thread", () => {
  it("gives the features of the one on this thread, of any size, also when asked for several at once", async () => {
    await using here = await openEncoder({ weights, threads: 1 });
    await using there = await openEncoderThread({ weights, threads: 1 });
    const pictures = [picture(48, 32), picture(33, 40), picture(48, 32), picture(16, 24), picture(33, 40)];
    const found = await Promise.all(pictures.map((one) => there.encode(one)));
    const expected = await Promise.all(pictures.map((one) => here.encode(one)));
    expect(found).toEqual(expected);
    expect(there).toMatchObject({ name: "nano", stride: 8, channels: 32 });
    expect(pictures[0].data).toHaveLength(48 * 32 * 3);
  });

  it("resizes over there", async () => {
    await using there = await openEncoderThread({ weights, threads: 1 });
    const large = picture(96, 64);
    const small = { width: 48, height: 32, data: resizeRgb(large, 48, 32) };
    expect(await there.encodeResized?.(large, { width: 48, height: 32 })).toEqual(await there.encode(small));
  });

  it("encodes a frame apart over there; those before and after it are as without it", async () => {
    await using here = await openEncoder({ weights, threads: 1 });
    await using there = await openEncoderThread({ weights, threads: 1 });
    const [size, ...pictures] = [{ width: 24, height: 16 }, picture(96, 64), picture(96, 64), picture(96, 64)];
    const found = await Promise.all(
      pictures.map((one) => Promise.all([there.encode(one, "int8"), there.encodeApart?.(one, size)])),
    );
    for (const [i, one] of pictures.entries()) {
      expect(found[i]).toEqual([await here.encode(one, "int8"), await here.encodeApart(one, size)]);
    }
    expect(pictures[0].data).toHaveLength(96 * 64 * 3);
  });

  it("what is wrong with the weights is the user's message", async () => {
    await expect(openEncoderThread({ weights: "missing.safetensors" })).rejects.toMatchObject({ name: "UserError" });
  });

  it("closing it while it works is an error of the work, not a hang", async () => {
    const there = await openEncoderThread({ weights, threads: 1 });
    const work = there.encode(picture(480, 320));
    const rejected = expect(work).rejects.toThrow("internal: the worker thread was closed");
    await there[Symbol.asyncDispose]();
    await rejected;
    await expect(there.encode(picture(48, 32))).rejects.toThrow("internal");
  });
});
