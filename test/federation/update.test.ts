/** @file What a site may send, and what is made of it. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkedUpdate, mostUpdateBytes, reachOf } from "../../src/federation/update.ts";
import type { EncoderValues } from "../../src/method/encoderWeights.ts";
import { meanValues } from "../../src/method/weightAverage.ts";
import { safetensorsBytes } from "../../src/weights/safetensors.ts";
import type { StateDict, TensorData } from "../../src/weights/tensors.ts";

const base: EncoderValues = new Map([
  ["conv1.weight", { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ["bn1.running_mean", { shape: [2], data: Float32Array.of(0, 0) }],
  ["bn1.running_var", { shape: [2], data: Float32Array.of(1, 1) }],
]);

/** A file of the base with other tensors. */
const file = (other: Record<string, { shape: number[]; data: TensorData } | undefined>): Uint8Array => {
  const all = Object.entries({ ...Object.fromEntries(base), ...other }).filter(([, tensor]) => tensor !== undefined);
  return safetensorsBytes(new Map(all) as StateDict);
};
const weight = (...data: readonly number[]) => ({ shape: [2, 2], data: Float32Array.from(data) });
const pair = (...data: readonly number[]) => ({ shape: [2], data: Float32Array.from(data) });

describe("an update", () => {
  it("within reach is taken as it is", async () => {
    const { values, norm, factor } = await checkedUpdate(file({ "conv1.weight": weight(1, 2, 3, 7) }), base, 3);
    expect([norm, factor]).toEqual([3, 1]);
    expect([...(values.get("conv1.weight")?.data ?? [])]).toEqual([1, 2, 3, 7]);
  });

  it("that went farther is pulled back in its direction, what was measured is not", async () => {
    const bytes = file({ "conv1.weight": weight(4, 2, 3, 8), "bn1.running_mean": pair(100, -100) });
    const { values, norm, factor } = await checkedUpdate(bytes, base, 1);
    expect([norm, factor]).toEqual([5, 0.2]);
    [1.6, 2, 3, 4.8].forEach((value, i) => expect(values.get("conv1.weight")?.data[i]).toBeCloseTo(value, 6));
    expect([...(values.get("bn1.running_mean")?.data ?? [])]).toEqual([100, -100]);
  });

  it.each([
    [
      "another shape",
      file({ "conv1.weight": { shape: [4], data: Float32Array.of(1, 2, 3, 4) } }),
      /conv1\.weight has another shape: got \[4\], expected \[2, 2\]/u,
    ],
    ["a tensor less", file({ "bn1.running_var": undefined }), /another encoder.*without bn1\.running_var/u],
    ["a tensor more", file({ extra: pair(1, 2) }), /with extra/u],
    [
      "whole numbers",
      file({ "conv1.weight": { shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) } }),
      /whole numbers: got Int32Array/u,
    ],
    ["NaN", file({ "conv1.weight": weight(1, Number.NaN, 3, 4) }), /none of training: got NaN/u],
    ["infinity", file({ "conv1.weight": weight(1, Infinity, 3, 4) }), /got Infinity/u],
    ["a negative variance", file({ "bn1.running_var": pair(1, -1) }), /running_var .*got -1/u],
    ["a mean beyond all pictures", file({ "bn1.running_mean": pair(1e7, 0) }), /running_mean .*got 10000000/u],
    ["numbers that are absurd", file({ "conv1.weight": weight(1e30, 2, 3, 4) }), /farther .* than training can go/u],
  ])("with %s is refused, and told why", async (_, bytes, message) => {
    await expect(checkedUpdate(bytes, base, 1)).rejects.toMatchObject({
      code: "federation/update",
      message: expect.stringMatching(message),
    });
  });

  it("larger than weights can be is refused before it is read", async () => {
    const bytes = new Uint8Array(mostUpdateBytes(base) + 1);
    await expect(checkedUpdate(bytes, base, 1)).rejects.toMatchObject({ message: expect.stringMatching(/too large/u) });
  });

  it("that is no safetensors file is refused, whatever the bytes are", async () => {
    const whole = file({});
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.nat(whole.length - 1), async (noise, cut) => {
        for (const bytes of [noise, whole.slice(0, cut)])
          await expect(checkedUpdate(bytes, base, 1)).rejects.toMatchObject({ code: "weights/safetensors" });
      }),
      { numRuns: 50 },
    );
  });

  it("may go as far as Adam can", () => expect(reachOf(base, { learningRate: 0.1, steps: 5 })).toBeCloseTo(1, 9));
});

const one = (value: number): EncoderValues => new Map([["w", { shape: [1], data: Float32Array.of(value) }]]);
const of = (values: EncoderValues): number | undefined => values.get("w")?.data[0];

describe("FedAvg", () => {
  it("weights each site by its frames", () => {
    const shares = [100, 300].map((frames) => frames / 400);
    expect(
      of(
        meanValues([
          { values: one(1), share: shares[0] },
          { values: one(5), share: shares[1] },
        ]),
      ),
    ).toBe(4);
  });

  it("of one site is what it sent, and of equal weights those weights, whatever the frames", () => {
    expect(of(meanValues([{ values: one(0.1), share: 1 }]))).toBe(Math.fround(0.1));
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (value, share) => {
          const mean =
            of(
              meanValues([
                { values: one(value), share },
                { values: one(value), share: 1 - share },
              ]),
            ) ?? Number.NaN;
          expect(mean).toBeCloseTo(Math.fround(value), 4);
        },
      ),
    );
  });

  it("leaves out what not all have", () => {
    const more: EncoderValues = new Map([...one(1), ["v", { shape: [1], data: Float32Array.of(1) }]]);
    expect([
      ...meanValues([
        { values: more, share: 0.5 },
        { values: one(1), share: 0.5 },
      ]).keys(),
    ]).toEqual(["w"]);
  });
});
