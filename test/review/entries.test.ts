import { describe, expect, it } from "vitest";
import { entriesOf, thingsOf } from "../../src/review/entries.ts";
import type { Finding } from "../../src/review/finding.ts";

const finding = (frame: number, weight: number, of: Partial<Finding> = {}): Finding => {
  return { kind: "doubt", frame, timeSec: frame / 10, things: ["a"], weight, text: `${weight}`, ...of };
};

describe("entries", () => {
  it("one for forty neighbours, at the worst of them", () => {
    const kinds = ["doubt", "area", "jump", "gone", "back", "left"] as const;
    const many = Array.from({ length: 12 }, (_, i) => {
      const timeSec = 4 + i / 20;
      return finding(100 + i, i === 6 ? 0.9 : 0.5, { timeSec, kind: kinds[i % 6], things: i < 6 ? ["a"] : ["a", "b"] });
    });
    const [only, ...others] = entriesOf(many, 20);
    expect(others).toEqual([]);
    expect(only.frame).toBe(106);
    expect(only.findings).toHaveLength(12);
    expect(only.findings[0].weight).toBe(0.9);
    expect(only.weight).toBe(1);
  });

  it("the worst first, only so many; what is further away than 0.6 s stands alone", () => {
    const findings = [finding(0, 0.3, { kind: "area" }), finding(6, 0.4), finding(13, 0.8), finding(40, 0.5)];
    expect(entriesOf(findings, 2).map(({ frame }) => frame)).toEqual([13, 40]);
    const [, , neighbours] = entriesOf(findings, 9);
    expect(neighbours.findings.map(({ frame }) => frame)).toEqual([6, 0]);
    expect(entriesOf([], 5)).toEqual([]);
  });

  it("other things stand alone from a quarter of a second on, except beside a cut", () => {
    const others = [finding(2, 0.4, { things: ["b"] }), finding(3, 0.4, { things: ["c"] })];
    expect(entriesOf([finding(0, 0.8), ...others], 9).map(({ findings }) => findings.length)).toEqual([2, 1]);
    expect(entriesOf([finding(0, 0.8, { kind: "cut", things: [] }), ...others], 9)).toHaveLength(1);
  });

  it("says once what one thing does again and again, and that it disappears into another", () => {
    const gone = finding(3, 0.7, { kind: "gone" });
    const merge = finding(3, 0.95, { kind: "merge", things: ["a", "b"] });
    const touch = finding(2, 0.4, { kind: "touch", things: ["a", "b"] });
    const [{ findings }] = entriesOf([gone, merge, touch, finding(1, 0.5), finding(4, 0.6)], 5);
    expect(findings.map(({ kind, weight }) => [kind, weight])).toEqual([
      ["merge", 0.95],
      ["doubt", 0.6],
    ]);
    expect(thingsOf({ frame: 3, timeSec: 0.3, findings, weight: 1 })).toEqual(["a", "b"]);
  });
});
