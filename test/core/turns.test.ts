import { describe, expect, it } from "vitest";
import { Turns } from "../../src/core/turns.ts";

describe("turns", () => {
  it("work begins once all before it has ended, and gives what it gives", async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const ends: (() => void)[] = [];
    const ended = new Promise<void>((resolve) => ends.push(resolve));
    const one = turns.take(async () => {
      seen.push("one begins");
      await ended;
      seen.push("one ends");
      return 1;
    });
    const two = turns.take(async () => {
      seen.push("two");
      return 2;
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(seen).toEqual(["one begins"]);
    ends[0]();
    expect(await Promise.all([one, two])).toEqual([1, 2]);
    expect(seen).toEqual(["one begins", "one ends", "two"]);
  });

  it("work that fails fails for who asked for it alone", async () => {
    const turns = new Turns();
    const failing = turns.take(() => Promise.reject(new Error("no")));
    const next = turns.take(async () => "yes");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});
