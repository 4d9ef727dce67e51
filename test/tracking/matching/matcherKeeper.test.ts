/** @file A keeper lends one matcher for each use, the same one again to passes of the same shape. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { Matcher, type MatcherOptions } from "../../../src/kernels/matcher.ts";
import { MatcherKeeper } from "../../../src/tracking/matching/matcherKeeper.ts";

const shape: MatcherOptions = { height: 3, width: 4, channels: 4, labels: 2, slots: 2, normalise: true, threads: 1 };
const small: MatcherOptions = { ...shape, height: 2, width: 2 };

afterEach(() => vi.restoreAllMocks());

/** How often matchers were opened and closed from now on. */
function counted() {
  const opened = vi.spyOn(Matcher, "open");
  const closed = vi.spyOn(Matcher.prototype, "close");
  return () => [opened.mock.calls.length, closed.mock.calls.length];
}

/** Labels of the second frame, which looks like the first. */
async function matched(matcher: Matcher): Promise<number[]> {
  const cells = matcher.labels(0).length / 2;
  const features = Float32Array.from({ length: 4 * cells }, (_, i) => Math.sin(i));
  await matcher.insert(0, features);
  matcher.labels(0).set(Float32Array.from({ length: 2 * cells }, (_, i) => Number(i % 2 === Number(i < cells))));
  await matcher.insert(1, features);
  await matcher.match(1, [{ slot: 0, copies: 1 }], { topK: 1, temperature: 1 });
  return [...matcher.labels(1)];
}

describe("a keeper", () => {
  it("lends two matchers at once, one for frames and one for small pictures, which do not disturb each other", async () => {
    await using keeper = new MatcherKeeper();
    const [frames, pictures] = [await keeper.take(shape, "frames"), await keeper.take(small, "small")];
    expect(frames).not.toBe(pictures);
    const alone = await matched(frames);
    const [both] = await Promise.all([matched(frames), matched(pictures)]);
    expect(both).toEqual(alone);
  });

  it("lends two of the same shape too", async () => {
    await using keeper = new MatcherKeeper();
    expect(await keeper.take(shape, "frames")).not.toBe(await keeper.take(shape, "small"));
  });

  it("lends the same again for the same shape, as new", async () => {
    const counts = counted();
    await using keeper = new MatcherKeeper();
    const first = await keeper.take(shape, "frames");
    await keeper.take(small, "small");
    const reset = vi.spyOn(first, "reset");
    expect(await keeper.take({ ...shape }, "frames")).toBe(first);
    expect(reset).toHaveBeenCalledOnce();
    expect(counts()).toEqual([2, 0]);
  });

  it("for another shape closes that of the same use alone", async () => {
    const counts = counted();
    await using keeper = new MatcherKeeper();
    const frames = await keeper.take(shape, "frames");
    const pictures = await keeper.take(small, "small");
    expect(await keeper.take({ ...shape, labels: 3 }, "frames")).not.toBe(frames);
    expect(counts()).toEqual([3, 1]);
    expect(await keeper.take(small, "small")).toBe(pictures);
  });

  it("closes all of them in the end, and can lend again", async () => {
    const counts = counted();
    const keeper = new MatcherKeeper();
    await keeper.take(shape, "frames");
    await keeper.take(small, "small");
    await keeper[Symbol.asyncDispose]();
    expect(counts()).toEqual([2, 2]);
    await keeper[Symbol.asyncDispose]();
    expect(counts()).toEqual([2, 2]);
    await keeper.take(shape, "frames");
    await keeper[Symbol.asyncDispose]();
    expect(counts()).toEqual([3, 3]);
  });

  it("after a shape that does not fit lends the next", async () => {
    await using keeper = new MatcherKeeper();
    await keeper.take(shape, "frames");
    const huge = { ...shape, height: 4000, width: 4000, channels: 512 };
    await expect(keeper.take(huge, "frames")).rejects.toMatchObject({ code: "tracking/memory" });
    expect((await keeper.take(shape, "frames")).bytes).toBeGreaterThan(0);
  });
});
