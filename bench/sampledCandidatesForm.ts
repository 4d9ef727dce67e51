/**
 * @file One form of sampled matching, in a process of its own: `node sampledCandidatesForm.js FORM REPEATS` prints a
 * line of JSON. FORM is `window` (all cells of the window), `masked` (all of them, with the sampler's log-prior) or a
 * number M (M gathered candidates a query). Forward and backward of the copy, at the size of a training step: 6 pairs,
 * 48×48 cells, 64 channels, radius 6.
 */
import { Random } from "../src/core/random.ts";
import { type AffinityPrior, copyByAffinity } from "../src/method/localAffinity.ts";
import {
  add,
  compile,
  type Feeds,
  gather,
  gradients,
  input,
  matmul,
  mul,
  reshape,
  softmax,
  sum,
  type Tensor,
  transpose,
} from "../src/tensor/index.ts";
import { median, peakRssMb } from "./row.ts";

const [pairs, side, channels, radius, clusters, warmUps] = [6, 48, 64, 6, 12, 2];
const cells = side * side;
const scale = 1 / Math.sqrt(channels);

const target = input("target", [pairs, channels, side, side]);
const reference = input("reference", [pairs, channels, side, side]);
const source = input("source", [pairs, 1, side, side]);
const random = new Random(1);
const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uniform(-1, 1));

/** What a form copies, and what it is fed beside features and sources. */
interface Form {
  readonly copied: Tensor;
  readonly feeds: Feeds;
}

function windowForm(): Form {
  return { copied: copyByAffinity(target, [reference], [source], { radius, scale }), feeds: {} };
}

function maskedForm(): Form {
  const shape = [pairs, clusters, side, side];
  const prior: AffinityPrior = { queries: input("priorQueries", shape), keys: [input("priorKeys", shape)] };
  const copied = copyByAffinity(target, [reference], [source], { radius, scale, prior });
  const size = pairs * clusters * cells;
  return { copied, feeds: { priorQueries: numbers(size), priorKeys: numbers(size) } };
}

function gatheredForm(count: number): Form {
  const queries = pairs * cells;
  const rows = (x: Tensor): Tensor => reshape(transpose(x, [0, 2, 3, 1]), [queries, x.shape[1]]);
  const candidates = input("candidates", [queries, count], "int32");
  const keys = gather(rows(reference), 0, candidates); // [queries, count, channels]
  const asked = reshape(mul(rows(target), scale), [queries, 1, channels]);
  const logits = add(matmul(asked, keys, { transposeB: true }), input("logPrior", [queries, 1, count]));
  const values = gather(rows(source), 0, candidates); // [queries, count, 1]
  const copied = reshape(matmul(softmax(logits), values), [pairs, side, side, 1]);
  return { copied, feeds: { candidates: drawn(count), logPrior: numbers(queries * count) } };
}

/** A coordinate in the window around `at`. */
function near(at: number): number {
  return Math.min(side - 1, Math.max(0, at + random.integer(2 * radius + 1) - radius));
}

/** Candidates of every query: cells of its pair, anywhere in its window. */
function drawn(count: number): Int32Array {
  return Int32Array.from({ length: pairs * cells * count }, (_, i) => {
    const query = Math.floor(i / count);
    const cell = query % cells;
    return query - cell + near(Math.floor(cell / side)) * side + near(cell % side);
  });
}

const forms: Readonly<Record<string, () => Form>> = { window: windowForm, masked: maskedForm };
const [, , name, repeats] = process.argv;
const { copied, feeds } = forms[name]?.() ?? gatheredForm(Number(name));
const loss = sum(mul(copied, copied));
const [byTarget, byReference] = gradients(loss, [target, reference]);
await using program = await compile({ loss, byTarget, byReference }, { threads: 2 });
const features = { target: numbers(target.size), reference: numbers(reference.size), source: numbers(source.size) };
const seconds: number[] = [];
const cpuSeconds: number[] = [];
for (let i = 0; i < warmUps + Number(repeats); i++) {
  const begin = performance.now();
  const before = process.cpuUsage();
  await program.run({ ...features, ...feeds });
  const { user, system } = process.cpuUsage(before);
  seconds.push((performance.now() - begin) / 1000);
  cpuSeconds.push((user + system) / 1e6);
}
const result = {
  seconds: median(seconds.slice(warmUps)),
  cpuSeconds: median(cpuSeconds.slice(warmUps)),
  rssMb: peakRssMb(),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
