/** @file Every part that has state: a fresh one resumed with it goes on as the one that was not stopped. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { Resumable } from "../../src/core/resumable.ts";
import type { FeatureMap } from "../../src/method/features.ts";
import { CutWatch } from "../../src/tracking/confidence/cutWatch.ts";
import { type JudgeState, ObjectJudge } from "../../src/tracking/confidence/objectJudge.ts";
import { type SeenFrame, SignalMeter } from "../../src/tracking/confidence/objectSignals.ts";
import { CarriedClusters } from "../../src/tracking/matching/carriedClusters.ts";
import { drawHeatMaps } from "../../src/tracking/points/heatMaps.ts";
import { HeatMapReader } from "../../src/tracking/points/heatMapReader.ts";
import { FRAMES_KEPT } from "../../src/tracking/points/pointAgreement.ts";
import type { Frame } from "../../src/video/frame.ts";
import { clip } from "./blocks.ts";

const GRID = { width: 12, height: 9, stride: 4 };
const CELLS = GRID.width * GRID.height;
const LABELS = 3;
const COUNT = 14;
const { frames } = clip(COUNT);

/** Features of a frame, alike from frame to frame. */
const features = Array.from({ length: COUNT }, (_, t): FeatureMap => {
  const random = new Random(9);
  const drift = new Random(t);
  const data = Float32Array.from({ length: 4 * CELLS }, () => random.uniform(-1, 1) + drift.uniform(-0.1, 0.1));
  return { ...GRID, channels: 4, data };
});

const seen = (t: number): SeenFrame => ({ frame: frames[t], features: features[t] });

/** `[cells, labels]`: two objects that move; the second is away in frames 4 to 6. */
function weights(t: number): Float32Array {
  const out = new Float32Array(CELLS * LABELS);
  for (let cell = 0; cell < CELLS; cell++) {
    const [x, y] = [cell % GRID.width, Math.floor(cell / GRID.width)];
    const first = y < 4 && x >= t % 5 && x < (t % 5) + 4;
    const second = y >= 5 && x >= 6 && x < 10 && (t < 4 || t > 6);
    out[cell * LABELS + (first ? 1 : second ? 2 : 0)] = 1;
  }
  return out;
}

/** What steps `from` to `to` of an object give. */
function run<T>(step: (t: number) => T, from: number, to: number): T[] {
  return Array.from({ length: to - from }, (_, i) => structuredClone(step(from + i)));
}

interface Steps<S> {
  readonly part: Resumable<S>;
  readonly step: (t: number) => unknown;
}

/** Stops after every step in turn. */
function expectSameBits<S>(make: () => Steps<S>, count: number): void {
  const whole = make();
  const [all, states]: [unknown[], S[]] = [[], []];
  for (let t = 1; t < count; t++) {
    all.push(structuredClone(whole.step(t)));
    states.push(whole.part.state());
  }
  for (let done = 1; done < count - 1; done++) {
    const { part, step } = make();
    part.resume(structuredClone(states[done - 1]));
    expect(part.state()).toEqual(states[done - 1]);
    expect(run(step, done + 1, count)).toEqual(all.slice(done));
  }
}

describe("resumed with nothing but their state", () => {
  it("signals of objects", () => {
    expectSameBits(() => {
      const part = new SignalMeter(seen(0), weights(0), LABELS, GRID);
      const step = (t: number): unknown => {
        const signals = part.next(seen(t), weights(t));
        part.remember(signals.map((one) => (one === undefined ? "no" : "yes")));
        return signals;
      };
      return { part, step };
    }, COUNT);
  });

  it("the judge of objects, with a cut and one that comes back", () => {
    expectSameBits(() => {
      const judge = new ObjectJudge(seen(0), weights(0), { labels: LABELS, grid: GRID, hides: true });
      let cells = weights(0);
      const step = (t: number): unknown => {
        if (t === 9) judge.cut();
        const recalled = judge.recalling ? weights(t) : undefined;
        cells = weights(t);
        const verdicts = judge.next(seen(t), cells, recalled);
        return { verdicts, cells, recalling: judge.recalling };
      };
      type State = { readonly judge: JudgeState; readonly cells: Float32Array };
      const part = {
        state: (): State => ({ judge: judge.state(), cells: cells.slice() }),
        resume: (state: State): void => {
          cells = state.cells;
          judge.resume(state.judge, state.cells);
        },
      };
      return { part, step };
    }, COUNT);
  });

  it("carried clusters", () => {
    expectSameBits(() => {
      const part = new CarriedClusters(GRID);
      part.regions(frames[0]);
      return { part, step: (t) => part.regions(frames[t]) };
    }, 6);
  });
});

/** Another place from frame 5 on; frame 3 is blank. */
const shots = Array.from({ length: 8 }, (_, index): Frame => {
  const [width, height, tile] = [128, 96, 4];
  const random = new Random(index < 5 ? 1 : 2);
  const tiles = Array.from({ length: (width / tile) * (height / tile) }, () => random.integer(256));
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return index === 3 ? 90 : tiles[Math.floor(y / tile) * (width / tile) + Math.floor(x / tile)];
  });
  return { index, timeSec: index / 25, name: String(index).padStart(5, "0"), width, height, data };
});

const refuse = (): Promise<Frame> => Promise.reject(new Error("not wanted"));

/** A point's map: away in frames 4 to 6, far off from 9 on. */
function maps(t: number): Float32Array {
  if (t >= 4 && t <= 6) return new Float32Array(CELLS);
  return drawHeatMaps([{ x: t >= 9 ? 10 : 3.5 + 0.2 * t, y: 3.5 }], GRID);
}

const open = (): HeatMapReader => new HeatMapReader(features[0], [{ x: 3.5, y: 3.5 }], true);

/** Frame t is read; in frame 9 the camera cuts. */
function step(reader: HeatMapReader, t: number): unknown {
  const own = maps(t);
  const found = reader.next(features[t], own, { cut: t === 9 });
  return structuredClone({ found, own, state: reader.state() });
}

describe("resumed with inputs given again", () => {
  it("the watch for cuts asks for the frame that it compares with, past blank ones, and for no other", async () => {
    for (const done of [0, 2, 3, 4, 5]) {
      const whole = new CutWatch();
      for (const frame of shots.slice(0, done + 1)) whole.before(frame);
      const asked: number[] = [];
      const again = new CutWatch();
      await again.resume(whole.state(), async (index) => {
        asked.push(index);
        return shots[index];
      });
      expect(asked).toEqual([done === 3 ? 2 : done]);
      expect(again.state()).toBe(whole.state());
      const rest = shots.slice(done + 1);
      expect(rest.map((frame) => again.before(frame))).toEqual(rest.map(({ index }) => index === 5));
    }
  });

  it("the watch asks for nothing that it has, and for nothing at the beginning", async () => {
    const watch = new CutWatch();
    await watch.resume(null, refuse);
    expect(watch.state()).toBeNull();
    watch.before(shots[0]);
    await watch.resume(0, refuse);
    expect(watch.before(shots[5])).toBe(true);
  });

  it("the reader of heat maps needs the latest frames, and what it read in them", () => {
    const whole = open();
    const [all, states]: [unknown[], ReturnType<HeatMapReader["state"]>[]] = [[], []];
    for (let t = 1; t < COUNT; t++) {
      all.push(step(whole, t));
      states.push(whole.state());
    }
    for (let done = 1; done < COUNT - 1; done++) {
      const again = open();
      for (let t = Math.max(1, done - FRAMES_KEPT + 1); t <= done; t++)
        again.resume(states[t - 1], { features: features[t], cut: t === 9 });
      expect(again.state()).toEqual(states[done - 1]);
      expect(run((t) => step(again, t), done + 1, COUNT)).toEqual(all.slice(done));
    }
  });
});
