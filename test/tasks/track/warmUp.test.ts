import { expect, it } from "vitest";
import { warmUp } from "../../../src/tasks/track/warmUp.ts";
import { modes } from "../../../src/tracking/modes.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import type { FeatureExtractor } from "../../../src/method/features.ts";
import { pooledColours } from "../../reference/pooledColours.ts";

it.each([
  { width: 64, height: 48 },
  { width: 33, height: 17 },
])("the encoder has worked on two frames of %o", async (size) => {
  const encoder = pooledColours(4);
  const seen: unknown[] = [];
  const counting: FeatureExtractor = {
    ...encoder,
    encode: (picture, precision) => {
      seen.push([picture.width, picture.height]);
      return encoder.encode(picture, precision);
    },
  };
  const method = { protocol: resolveProtocol("default"), mode: modes.fast, threads: 1 };
  await warmUp({ ...method, encoder: counting }, size);
  expect(seen).toEqual([
    [size.width, size.height],
    [size.width, size.height],
  ]);
});

it("passes on what would fail in the source too", async () => {
  const broken = { ...pooledColours(4), encode: async () => Promise.reject(new Error("no such device")) };
  const method = { protocol: resolveProtocol("default"), mode: modes.fast, threads: 1, encoder: broken };
  await expect(warmUp(method, { width: 32, height: 32 })).rejects.toThrow("no such device");
});
