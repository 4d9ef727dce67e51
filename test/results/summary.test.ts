import { describe, expect, it } from "vitest";
import { duration } from "../../src/core/duration.ts";
import { progressLine } from "../../src/results/progressLine.ts";
import { Recorder } from "../../src/results/recorder.ts";
import { MOST_LISTED_FRAMES, RunCost, SummaryBuilder } from "../../src/results/summary.ts";

const point = { name: "a", x: 1, y: 2, visible: true, confidence: 1 };

function summaryOf(count: number) {
  const [builder, recorder] = [new SummaryBuilder(), new Recorder()];
  for (let index = 0; index < count; index++) {
    const frame = { index, timeSec: index / 25, name: String(index), cut: false, objects: [], points: [point] };
    builder.add(frame, recorder.points(frame, [point]));
  }
  return builder.finish(null);
}

describe("what a clip's summary says", () => {
  it("lists the frames of short clips only", () => {
    expect(summaryOf(MOST_LISTED_FRAMES).frames).toHaveLength(MOST_LISTED_FRAMES);
    const long = summaryOf(MOST_LISTED_FRAMES + 1);
    expect(long).toMatchObject({ frames: null, frameCount: MOST_LISTED_FRAMES + 1 });
    expect(long.objects).toMatchObject([{ name: "a", framesVisible: MOST_LISTED_FRAMES + 1, pathPx: 0 }]);
  });

  it("adds up the time of each part, 0 for those that there are not", () => {
    const cost = new RunCost();
    for (let i = 0; i < 4; i++) cost.add({ read: 0.25, match: 1 });
    expect(cost.summary.seconds).toMatchObject({ read: 1, match: 4, encode: 0, decode: 0, write: 0 });
  });
});

it("the progress line shows the time left, as in all commands", () => {
  expect(progressLine({ count: 10, elapsed: 5 }, 7210)).toBe("tracking 10/7210 frames, 2.0 frames/s, 1 h 00 min left");
  expect(progressLine({ count: 10, elapsed: 5 }, 10)).toBe("tracking 10/10 frames, 2.0 frames/s, 0 s left");
  expect(duration(3599)).toBe("60 min");
});
