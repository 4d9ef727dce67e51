/** @file Value maps outside training: the same affinity as the network was learned with. */
import { expect, test } from "vitest";
import { localAffinity } from "../../src/method/localAffinity.ts";
import { sampleClusters, samplerDefaults } from "../../src/method/multiClusterSampler.ts";
import { priorKeys, priorQueries } from "../../src/method/samplingPrior.ts";
import { shiftedWindowData } from "../../src/method/shiftedWindows.ts";
import { valueLogits, valueMap, valueParameters, valueStatistics } from "../../src/method/valueExtraction.ts";
import { ValueMapper } from "../../src/method/valueMapper.ts";
import { windowCentres } from "../../src/method/windowCentres.ts";
import { compilerWith, constant } from "../../src/tensor/index.ts";
import { evaluate, expectClose, feed, values } from "../tensor/check.ts";

const [H, W, C, RADIUS, K] = [11, 19, 4, 2, 5];
const learned = new Map(valueParameters.map(({ name, shape }, i) => [name, { shape, data: values(shape, 40 + i) }]));
const parameters = new Map([...learned].map(([name, { shape, data }]) => [name, constant(data, shape)]));
const [target, reference, strength] = [
  feed([1, C, H, W], 1),
  feed([1, C, H, W], 2),
  feed([1, 1, H, W], 3, { low: 0, high: 1 }),
];
const frames = [5, 6].map((seed) => ({ lab: values([3, H, W], seed, { low: -0.5, high: 0.5 }) }));
const sample = sampleClusters(frames, { width: W, height: H }, 1, { ...samplerDefaults, clusters: K });
const features = ({ data }: typeof target) => ({ channels: C, height: H, width: W, data: data as Float32Array });

test.each([undefined, { clusters: K, windowCentres: false }, { clusters: K, windowCentres: true }])(
  "learned with the sampler %o",
  async (sampled) => {
    await using mapper = new ValueMapper(
      learned,
      { radius: RADIUS, similarity: "scaledDot", temperature: 1, ...(sampled === undefined ? {} : { sampled }) },
      compilerWith({ threads: 1 }),
    );
    const got = await mapper.map(features(target), features(reference), strength.data as Float32Array, sample);
    const wanted = await evaluate(
      (q, k, m) => {
        const { rows, columns } = shiftedWindowData(windowCentres(sample, 1), sample.grid, RADIUS);
        const side = 8 + 2 * RADIUS;
        const prior = {
          queries: constant(priorQueries(sample, K), [1, K, H, W]),
          keys: [constant(priorKeys(sample, 1, K), [1, K, H, W])],
        };
        const shifts = [{ rows: constant(rows, [1, 6, side, H]), columns: constant(columns, [1, W, 6 * side]) }];
        const affinity = localAffinity(q, [k], {
          radius: RADIUS,
          scale: 0.5,
          ...(sampled === undefined ? {} : { prior }),
          ...(sampled?.windowCentres === true ? { shifts } : {}),
        });
        return valueMap(valueLogits(parameters, valueStatistics(affinity, q, 0.5), m));
      },
      [target, reference, strength],
    );
    expectClose(got, wanted.data, 1e-5, "value map");
    expect(Math.max(...got) - Math.min(...got)).toBeGreaterThan(0.01);
  },
);
