/** @file A benchmark's method with a clock. */
import type { MaskMethod } from "../src/evaluation/benchmarks/davisBenchmark.ts";

/** The method, and how fast it was until now. */
export interface TimedMethod {
  readonly method: MaskMethod;
  readonly framesPerSecond: () => number;
}

/**
 * The method with the time spent waiting for its masks; the first frame of a sequence opens the tracker and is left
 * out.
 */
export function timed(method: MaskMethod): TimedMethod {
  let [frames, seconds] = [0, 0];
  const carry: MaskMethod["carry"] = async function* (source, first) {
    let begin: number | undefined;
    for await (const mask of method.carry(source, first)) {
      if (begin !== undefined) {
        seconds += (performance.now() - begin) / 1000;
        frames++;
      }
      yield mask;
      begin = performance.now();
    }
  };
  return { method: { carry }, framesPerSecond: () => frames / seconds };
}
