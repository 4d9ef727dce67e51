import { join } from "node:path";
import { expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { encoderParameters, encoderStatistics, encoderVariants, initialValues } from "../../src/method/encoder.ts";
import { compile, conv2d, input, mean, ParameterLayout } from "../../src/tensor/index.ts";
import { BatchSampler, wholeFrames } from "../../src/training/batches.ts";
import { cacheClips, readFrames } from "../../src/training/clipCache.ts";
import { trainingConfig } from "../../src/training/config.ts";
import { PreciseStatistics } from "../../src/training/preciseStatistics.ts";
import { partsOf } from "../../src/training/runParts.ts";
import { rgbToLab } from "../../src/video/lab.ts";
import { makeImageFolder, temporaryFolder } from "./footage.ts";

const SIZE = 32;
const variant = encoderVariants.nano;

async function setUp() {
  const root = await temporaryFolder();
  const clip = await makeImageFolder(root, "clip", 2, { size: SIZE });
  const [segment] = await cacheClips([clip], {
    folder: join(root, "cache"),
    side: SIZE,
    maxFrames: 400,
    logger: silent,
  });
  const crop = { kind: "squash", flip: false } as const;
  const config = trainingConfig({ steps: 1, size: SIZE, pairs: 2, variant: "nano", gaps: [1], gapWeights: [1], crop });
  return { segment, config, sampler: new BatchSampler([segment], config) };
}

test("whole frames are the frames themselves, nothing hidden and nothing scaled", async () => {
  const { segment, config, sampler } = await setUp();
  const batch = await sampler.batch(1);
  const whole = wholeFrames(batch, partsOf(config));
  const pictures = (await readFrames(segment, [0, 1])).map(rgbToLab);
  const area = 3 * SIZE * SIZE;
  for (let slot = 0; slot < 4; slot++) {
    const frame = whole.subarray(slot * area, (slot + 1) * area);
    const closest = Math.min(...pictures.map((lab) => Math.max(...lab.map((value, i) => Math.abs(value - frame[i])))));
    expect(closest).toBeLessThan(1e-6);
  }
});

test("the first batch norm's mean is the mean of the first convolution over whole frames", async () => {
  const { segment, config, sampler } = await setUp();
  const layout = new ParameterLayout(encoderParameters(variant));
  const values = initialValues(variant, { seed: 3 });
  await using precise = await PreciseStatistics.open(config, sampler, { threads: 1 });
  const measured = new ParameterLayout(encoderStatistics(variant)).unpack(await precise.of(layout.pack(values)));
  // Every batch holds both frames of the clip in every pair, so the mean over batches is the mean over the clip.
  const frames = Float32Array.from((await readFrames(segment, [0, 1])).flatMap((picture) => [...rgbToLab(picture)]));
  const x = input("x", [2, 3, SIZE, SIZE]);
  const w = input("w", [variant.stem, 3, 7, 7]);
  await using program = await compile({ y: mean(conv2d(x, w, { stride: 2, padding: 3 }), [0, 2, 3]) }, { threads: 1 });
  const { y } = await program.run({ x: frames, w: values.get("conv1.weight")!.data });
  measured.get("bn1.running_mean")!.data.forEach((value, i) => expect(value).toBeCloseTo(y[i], 4));
});
