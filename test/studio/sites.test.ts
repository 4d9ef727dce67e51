/** @file Pages of sites and training: addresses, the queue of labels, curves, what runs there are, texts. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Job } from "../../studio/src/api/types.ts";
import {
  addressOf,
  clipOfAddress,
  frameOfAddress,
  latePageOf,
  siteAddress,
  siteOfAddress,
} from "../../studio/src/clip/address.ts";
import { nextIndex } from "../../studio/src/sites/nextIndex.ts";
import { en } from "../../studio/src/sites/texts/en.ts";
import { ja } from "../../studio/src/sites/texts/ja.ts";
import { pointsText, scoreText, timeText } from "../../studio/src/sites/numbers.ts";
import { lineOf, smoothed, thinned } from "../../studio/src/training/curve.ts";
import { trainingsOf } from "../../studio/src/training/trainingsOf.ts";

it("addresses name a clip, its frame and the site whose labels are drawn; or a page of sites", () => {
  const address = addressOf("a-_1", 12, "s1");
  expect([clipOfAddress(address), frameOfAddress(address), siteOfAddress(address)]).toEqual(["a-_1", 12, "s1"]);
  expect([frameOfAddress(addressOf("a", 0, "s")), siteOfAddress(addressOf("a", 3))]).toEqual([0, undefined]);
  expect(frameOfAddress("#/clip/a?frame=-1")).toBe(0);
  expect(clipOfAddress("#/clip/a?<b>")).toBeUndefined();
  for (const part of ["site", "models", "report"] as const)
    expect(latePageOf(siteAddress("x-1", part))).toEqual({ page: part, id: "x-1" });
  expect([latePageOf("#/sites"), latePageOf("#/training")]).toEqual([{ page: "sites" }, { page: "training" }]);
  for (const other of ["#/", "#/clip/a", "#/site/a/b", "#/site/../x"]) expect(latePageOf(other)).toBeUndefined();
});

describe("the queue", () => {
  it("goes to the next frame without a label, from the end to those that were left out, and back by one", () => {
    const labelled = [true, false, true, false];
    expect([0, 1, 2, 3].map((at) => nextIndex(labelled, at, 1))).toEqual([1, 3, 3, 1]);
    expect([0, 1, 3].map((at) => nextIndex(labelled, at, -1))).toEqual([undefined, 0, 2]);
    expect(nextIndex([true, true], 0, 1)).toBe(1);
    expect(nextIndex([true, true], 1, 1)).toBeUndefined();
    // A frame that is not in the plan leads to the first without a label.
    expect([nextIndex(labelled, -1, 1), nextIndex(labelled, -1, -1)]).toEqual([1, undefined]);
  });

  it("whoever labels each frame and goes on has labelled all of them", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), fc.nat(29), (given, start) => {
        const labelled = [...given];
        let at: number | undefined = start % labelled.length;
        for (let i = 0; i <= labelled.length && at !== undefined && labelled.includes(false); i++) {
          labelled[at] = true;
          at = nextIndex(labelled, at, 1);
        }
        expect(labelled).not.toContain(false);
      }),
    );
  });
});

describe("curves", () => {
  it("keep the first and the last point, whatever is left out between", () => {
    const points = Array.from({ length: 1001 }, (_, x) => ({ x, y: x }));
    const few = thinned(points, 10);
    expect(few.length).toBeLessThanOrEqual(12);
    expect([few[0], few.at(-1)]).toEqual([points[0], points[1000]]);
    expect(thinned(points.slice(0, 5), 10)).toEqual(points.slice(0, 5));
  });

  it("the running mean of what stays the same is that, and follows what changes", () => {
    expect(smoothed([2, 2, 2])).toEqual([2, 2, 2]);
    const [first, second] = smoothed([0, 1]);
    expect([first, second]).toEqual([0, 1 / 1.95]);
  });

  it("lie in their box, upwards, also where all is the same", () => {
    const points = [
      { x: 1, y: 5 },
      { x: 3, y: 10 },
      { x: 2, y: 0 },
    ];
    expect(lineOf(points, 100, 50, 4)).toBe("4.0,25.0 96.0,4.0 50.0,46.0");
    expect(lineOf([{ x: 1, y: 1 }], 100, 50, 4)).toBe("50.0,25.0");
  });
});

const job = (id: string, created: number, task: object): Job => ({ id, created, task, state: "done" }) as Job;

it("a training is the job that began it and those that went on with it", () => {
  const begun = [
    job("b", 5, { task: "train", footage: ["clip:x", "clip:y"], config: { minutes: 3 } }),
    job("a", 1, { task: "train", footage: ["clip:x"] }),
  ];
  const resumed = [job("c", 3, { run: "job:a" }), job("d", 9, { run: "job:a" }), job("e", 7, { run: "job:other" })];
  expect(trainingsOf(begun, resumed).map(({ id, latest, clips, minutes }) => [id, latest.id, clips, minutes])).toEqual([
    ["b", "b", 2, 3],
    ["a", "d", 1, 0],
  ]);
});

it("numbers are said as people say them", () => {
  expect([pointsText(0.0123), pointsText(-0.004), scoreText(0.5), scoreText(null)]).toEqual([
    "+1.2",
    "−0.4",
    "0.500",
    "–",
  ]);
  expect([timeText(75.6), timeText(-3), timeText(3723)]).toEqual(["1:15", "0:00", "1:02:03"]);
});

const names = (text: string): string[] => [...new Set(text.match(/\{\w+\}/gu))].toSorted();

it("texts have the same values in both languages, and Japanese ones are Japanese", () => {
  for (const [key, text] of Object.entries(en)) {
    const other = ja[key as keyof typeof en];
    expect(names(other), key).toEqual(names(text));
    // Symbols and what is put in are the same.
    if (/[a-z]{3}/iu.test(text.replaceAll(/\{\w+\}/gu, ""))) expect(other, key).toMatch(/[ぁ-んァ-ヶ一-龠]/u);
  }
});
