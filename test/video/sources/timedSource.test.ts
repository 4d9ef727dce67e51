/** @file What all sources have in common: their table, frames made from it, and that disposing closes them. */
import { expect, test } from "vitest";
import type { Frame } from "../../../src/video/frame.ts";
import { frameList } from "../../../src/video/frameList.ts";
import { TimedSource } from "../../../src/video/sources/timedSource.ts";

class Greys extends TimedSource {
  closed = 0;

  constructor(timesSec: readonly number[]) {
    const names = timesSec.map((_, i) => `grey-${i}`);
    super({ path: "greys", width: 2, height: 1, timesSec: Float64Array.from(timesSec), names });
  }

  async *frames(): AsyncGenerator<Frame> {
    for (let i = 0; i < this.frameCount; i++) yield await this.frame(i);
  }

  async frame(index: number): Promise<Frame> {
    const extra = { width: 2, height: 1, data: new Uint8Array(6).fill(index), alpha: "dropped" };
    return this.framed(index, extra);
  }

  async close(): Promise<void> {
    this.closed++;
  }
}

test("frames carry the times and names of the table, and nothing else", async () => {
  await using source = new Greys([0.5, 0.7, 3]);
  expect(source).toMatchObject({ path: "greys", width: 2, height: 1, frameCount: 3 });
  const data = new Uint8Array(6).fill(2);
  expect(await source.frame(2)).toEqual({ index: 2, timeSec: 3, name: "grey-2", width: 2, height: 1, data });
});

test("disposing closes", async () => {
  const source = new Greys([]);
  await source[Symbol.asyncDispose]();
  expect([source.closed, source.frameCount]).toEqual([1, 0]);
});

test("a list of frames keeps their own indices, times and names", async () => {
  expect(() => frameList([], "nothing")).toThrow("nothing has no frames");
  const picture = { width: 1, height: 1, data: new Uint8Array(3) };
  const frames: Frame[] = [7, 9, 12].map((index) => ({ index, timeSec: index / 2, name: `n${index}`, ...picture }));
  await using list = frameList(frames, "three");
  expect([...list.timesSec]).toEqual([3.5, 4.5, 6]);
  expect(list.names).toEqual(["n7", "n9", "n12"]);
  expect(await list.frame(1)).toBe(frames[1]);
  const some: Frame[] = [];
  for await (const frame of list.frames({ start: 1 })) some.push(frame);
  expect(some).toEqual(frames.slice(1));
});
