import { describe, expect, it } from "vitest";
import { lookahead, mapped } from "../../src/tracking/lookahead.ts";
import { within } from "../within.ts";

/** 0, 1, … that notes how many were made and whether it was told to end; after `last` it waits until then. */
function stalling(last: number) {
  const seen = { made: 0, ended: 0 };
  let wake: (() => void) | undefined;
  const items: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (seen.made <= last) return { done: false, value: seen.made++ };
        await new Promise<void>((resolve) => (wake = resolve));
        return { done: true, value: undefined };
      },
      async return() {
        seen.ended++;
        wake?.();
        return { done: true, value: undefined };
      },
    }),
  };
  return { items, seen };
}

async function* counted(count: number, failAt = Infinity): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    if (i === failAt) throw new Error(`no item ${i}`);
    yield i;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}

/** What was taken before something failed, and what failed. */
async function until(items: AsyncIterable<number>): Promise<readonly [number[], string]> {
  const out: number[] = [];
  try {
    for await (const item of items) out.push(item);
    return [out, "nothing"];
  } catch (error) {
    return [out, (error as Error).message];
  }
}

/** Both ways to make one item ahead. */
const ways = [
  ["ahead", (items: AsyncIterable<number>) => lookahead(items)],
  ["mapped", (items: AsyncIterable<number>) => mapped(items, (item) => item)],
  ["as encoded frames are", (items: AsyncIterable<number>) => lookahead(mapped(lookahead(items), (item) => item))],
] as const;

describe.each(ways)("a stream %s", (_, make) => {
  it("gives every item in order, none of none, and nothing after its end", async () => {
    expect(await all(make(counted(5)))).toEqual([0, 1, 2, 3, 4]);
    expect(await all(make(counted(0)))).toEqual([]);
    const stream = make(counted(1));
    await stream.next();
    expect([await stream.next(), await stream.next()]).toMatchObject([{ done: true }, { done: true }]);
  });

  it("a failure comes after the items before it, once", async () => {
    expect(await until(make(counted(5, 3)))).toEqual([[0, 1, 2], "no item 3"]);
  });

  it("can be left while the source has stalled: by break, by an error, by return", async () => {
    for (const last of [0, 1, 3]) {
      const { items, seen } = stalling(last);
      const left = (async () => {
        for await (const _item of make(items)) throw new Error("no consumer");
      })();
      await expect(within(2000, left)).rejects.toThrow("no consumer");
      expect(seen.ended).toBe(1);
    }
    const { items, seen } = stalling(-1);
    const stream = make(items);
    const waiting = stream.next();
    expect(await within(2000, stream.return!())).toMatchObject({ done: true });
    expect(await within(2000, waiting)).toMatchObject({ done: true });
    expect(seen.ended).toBe(1);
  });
});

describe("a lookahead", () => {
  it("makes one more item than was asked for, and the first only when it is asked for", async () => {
    const { items, seen } = stalling(9);
    const stream = lookahead(items);
    expect(seen.made).toBe(0);
    await stream.next();
    expect(seen.made).toBe(2);
    await stream.next();
    expect(seen.made).toBe(3);
    await stream.return!();
    expect(seen.made).toBe(3);
  });
});

async function* slowly(): AsyncGenerator<string> {
  await new Promise((resolve) => setTimeout(resolve, 60));
  yield "slow";
  yield "quick";
}

describe("a mapped stream", () => {
  it("says how long an item took to come", async () => {
    const [slow, quick] = await all(mapped(slowly(), (_, seconds) => seconds));
    expect(slow).toBeGreaterThan(0.05);
    expect(quick).toBeLessThan(slow);
  });

  it("ends its source when making fails, and waits for what is being made when it is left", async () => {
    const { items, seen } = stalling(5);
    const failing = mapped(items, () => Promise.reject(new Error("not made")));
    await expect(within(2000, all(failing))).rejects.toThrow("not made");
    expect(seen.ended).toBe(1);
    let made = false;
    const slow = mapped(counted(3), async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      made = true;
    });
    void slow.next();
    await slow.return!();
    expect(made).toBe(true);
  });
});
