import { describe, expect, it } from "vitest";
import { ALIKE, labelledStart } from "../../../src/tasks/track/labelledStart.ts";
import type { Frame } from "../../../src/video/frame.ts";

async function* framesOf(count: number): AsyncGenerator<Frame, void, void> {
  for (let index = 0; index < count; index++)
    yield { index, timeSec: index, name: String(index), width: 1, height: 1, data: new Uint8Array(3) };
}

/** What is found among frames of these likenesses, as numbers. */
async function found(likenesses: readonly number[], most = 100) {
  const frames = framesOf(likenesses.length);
  const start = await labelledStart(frames, { likeness: ({ index }) => likenesses[index], most });
  const next = await frames.next();
  return start && { frame: start.frame.index, after: start.after.map(({ index }) => index), ...rest(start, next) };
}

const rest = (start: { likeness: number; looked: number }, next: IteratorResult<Frame, void>) => ({
  likeness: start.likeness,
  looked: start.looked,
  next: next.done === true ? null : next.value.index,
});

describe("where tracking of a live source starts", () => {
  it("nowhere without a frame", async () => {
    expect(await found([])).toBeUndefined();
  });

  it("at the only frame, however unlike", async () => {
    expect(await found([0.1])).toEqual({ frame: 0, after: [], likeness: 0.1, looked: 1, next: null });
  });

  it("at the peak, once five frames after it are less alike; they come next", async () => {
    const rising = [0.2, 0.5, ALIKE, 0.95, 0.9, 0.85, 0.3, 0.2, 0.1, 0.99];
    expect(await found(rising)).toEqual({ frame: 3, after: [4, 5, 6, 7, 8], likeness: 0.95, looked: 9, next: 9 });
  });

  it("a rise within five frames goes on to the higher peak", async () => {
    expect(await found([0.9, 0.85, 0.95, 0, 0, 0, 0, 0, 0])).toMatchObject({
      frame: 2,
      after: [3, 4, 5, 6, 7],
      next: 8,
    });
  });

  it("of equals the first", async () => {
    expect(await found([1, 1, 1, 1, 1, 1, 1])).toMatchObject({ frame: 0, after: [1, 2, 3, 4, 5], looked: 6 });
  });

  it("where nothing is alike enough, at the best of so many; of those after it five are kept", async () => {
    const unlike = [0.1, 0.4, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.9];
    expect(await found(unlike, 9)).toEqual({ frame: 1, after: [2, 3, 4, 5, 6], likeness: 0.4, looked: 9, next: 9 });
  });

  it("at the last one when the source ends while it rises", async () => {
    expect(await found([0.1, 0.5, 0.9])).toEqual({ frame: 2, after: [], likeness: 0.9, looked: 3, next: null });
  });
});
