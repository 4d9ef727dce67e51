/**
 * @file Dense optical flow of 448 × 256 pairs against Farnebäck's method in OpenCV (opencv-js: plain WASM, one thread),
 * in one process and in turns, on scenes whose exact flow is known; the end-point errors of both stand beside the
 * times.
 */
import { createRequire } from "node:module";
import { OpticalFlow } from "../src/kernels/opticalFlow.ts";
import { farneback, type Oracle } from "./farneback.ts";
import { type EndPointError, endPointError, type FlowScene, standardScenes } from "./flowScenes.ts";
import { type BenchRow, machine, median, peakRssMb } from "./row.ts";

const [WIDTH, HEIGHT] = [448, 256];
const ROUNDS = 4;
/** Calls before the first one that counts: V8 compiles the kernel in two steps. */
const WARM_UP = 20;

/** Times of both sides and errors of every scene. */
interface Measured {
  readonly ours: number[];
  readonly checked: number[];
  readonly theirs: number[];
  readonly errors: { readonly name: string; readonly ours: EndPointError; readonly theirs: EndPointError }[];
}

/** One row for flow alone, one for flow in both directions with the check. */
export async function opticalFlowBench(): Promise<BenchRow[]> {
  const scenes = standardScenes(WIDTH, HEIGHT);
  const oracle = await farneback(createRequire(import.meta.url));
  await using kernel = await OpticalFlow.open();
  for (let i = 0; i < WARM_UP; i++) await once(kernel, scenes[0]);
  const measured: Measured = { ours: [], checked: [], theirs: [], errors: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const scene of scenes) await measure(kernel, oracle, scene, measured, round === 0);
  }
  const size = `${WIDTH} x ${HEIGHT}`;
  return [
    row(`optical flow, ${size}: a pair`, measured.ours, measured.theirs, errorsOf(measured)),
    row(`optical flow both ways, checked, ${size}: a pair`, measured.checked, measured.theirs, undefined),
  ];
}

async function once(
  kernel: OpticalFlow,
  { width, height, from, to }: FlowScene,
): Promise<{ u: Float32Array; v: Float32Array }> {
  return kernel.flow({ width, height, data: from }, { width, height, data: to });
}

async function measure(
  kernel: OpticalFlow,
  oracle: Oracle,
  scene: FlowScene,
  into: Measured,
  first: boolean,
): Promise<void> {
  const { name, width, height, from, to } = scene;
  const before = performance.now();
  const flow = await once(kernel, scene);
  const between = performance.now();
  await kernel.checkedFlow({ width, height, data: from }, { width, height, data: to });
  into.ours.push(between - before);
  into.checked.push(performance.now() - between);
  const other = oracle(scene);
  into.theirs.push(other.ms);
  if (first) {
    into.errors.push({
      name,
      ours: endPointError(scene, flow.u, flow.v),
      theirs: endPointError(scene, other.u, other.v),
    });
  }
}

function shown({ all, inner, visible }: EndPointError): string {
  return [all, inner, visible].map((value) => value.toFixed(3)).join(" / ");
}

function errorsOf({ errors }: Measured): string {
  const mean = (key: "ours" | "theirs"): EndPointError => {
    const of = (part: keyof EndPointError): number => errors.reduce((sum, e) => sum + e[key][part], 0) / errors.length;
    return { all: of("all"), inner: of("inner"), visible: of("visible") };
  };
  const lines = errors.map(({ name, ours, theirs }) => `  ${name}: ours ${shown(ours)}, peer ${shown(theirs)}`);
  const head = "mean end-point error, all pixels / 16 or more from the border / visible in both";
  return [`${head}: ours ${shown(mean("ours"))}, peer ${shown(mean("theirs"))}`, ...lines].join("\n");
}

function row(name: string, ours: readonly number[], theirs: readonly number[], note: string | undefined): BenchRow {
  const [mine, other] = [median(ours) / 1000, median(theirs) / 1000];
  return {
    name,
    ours_s: mine,
    peer_s: other,
    ratio: mine / other,
    ours_rss_mb: peakRssMb(),
    peer_rss_mb: null,
    machine: machine(),
    note,
  };
}
