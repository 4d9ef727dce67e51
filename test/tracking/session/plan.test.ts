import { describe, expect, it } from "vitest";
import { type PlannedKey, planWork, type Work } from "../../../src/tracking/session/plan.ts";

const key = (frame: number, objects: number[], more: Partial<PlannedKey> = {}): PlannedKey => ({
  frame,
  objects,
  ends: [],
  points: [],
  endedPoints: [],
  digest: `${frame}`,
  ...more,
});

const range = { start: 0, end: 20 };
const plan = (keys: PlannedKey[], direction: "forward" | "backward" | "both" = "forward"): Work[] =>
  planWork({ keys, direction, range, settings: "" });

/** Work in short: kind, where from, how many frames or where to, whether it goes on to the next key frame. */
const short = (work: Work): string => {
  if (work.kind === "key")
    return `key ${work.frame}${work.carried === null ? "" : ` over ${work.carried.alive.objects.join()}`}`;
  if (work.kind === "merge") return `merge ${work.from}-${work.to}`;
  return `${work.kind} ${work.from} ${work.step === 1 ? "+" : "-"}${work.count}${work.carriesOn ? " and on" : ""}`;
};
const runs = (work: readonly Work[]): string[] => work.map(({ run }) => run);

describe("a plan", () => {
  it.each([
    ["forward", ["key 5", "pass 5 +6", "key 12", "pass 12 +7"]],
    ["backward", ["key 12", "pass 12 -6", "key 5", "pass 5 -5"]],
    ["both", ["key 5", "pass 5 -5", "ahead 5 +6", "key 12", "merge 5-12", "pass 12 +7"]],
  ] as const)("%s: passes between key frames", (direction, expected) => {
    expect(plan([key(12, [1]), key(5, [1])], direction).map(short)).toEqual(expected);
  });

  it("key frames side by side leave no pass between them, those at the ends none beyond", () => {
    expect(plan([key(0, [1]), key(1, [1]), key(19, [1])], "both").map(short)).toEqual([
      "key 0",
      "key 1",
      "ahead 1 +17",
      "key 19",
      "merge 1-19",
    ]);
  });

  it("what the next key frame does not speak of is carried to it", () => {
    const work = plan([key(0, [1, 2]), key(8, [2, 3]), key(15, [], { ends: [1] })]);
    expect(work.map(short)).toEqual([
      "key 0",
      "pass 0 +7 and on",
      "key 8 over 1",
      "pass 8 +6 and on",
      "key 15 over 2,3",
      "pass 15 +4",
    ]);
    expect(work.map(({ alive }) => alive.objects.join())).toEqual(["1,2", "1,2", "1,2,3", "1,2,3", "2,3", "2,3"]);
  });

  it("a changed label changes the names of what depends on it, and no others", () => {
    const keys = [key(0, [1]), key(8, [1]), key(15, [1])];
    const before = runs(plan(keys));
    const after = runs(plan([keys[0], key(8, [1], { digest: "other" }), keys[2]]));
    expect(after.map((run, i) => run === before[i])).toEqual([true, true, false, false, true, true]);
    const more = runs(plan([...keys, key(4, [1])]));
    expect(more.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(more.slice(4)).toEqual(before.slice(2));
  });

  it("in both directions the frames on both sides depend on it", () => {
    const keys = [key(0, [1]), key(8, [1]), key(15, [1]), key(18, [1])];
    const before = runs(plan(keys, "both"));
    const after = plan([keys[0], key(8, [1], { digest: "other" }), keys[2], keys[3]], "both");
    const changed = after.filter(({ run }) => !before.includes(run)).map(short);
    expect(changed).toEqual(["key 8", "merge 0-8", "ahead 8 +6", "merge 8-15"]);
  });

  it("other settings change everything", () => {
    const keys = [key(0, [1]), key(8, [1])];
    const other = runs(planWork({ keys, direction: "forward", range, settings: "other" }));
    expect(runs(plan(keys)).some((run) => other.includes(run))).toBe(false);
  });

  it("needs a key frame in the range", () => {
    expect(() => plan([])).toThrow("nothing is labelled yet");
    expect(() => plan([key(30, [1])])).toThrow(
      /no labelled frame lies in the range.*got labels in frame 30, expected one from 0 to 19/,
    );
  });
});
