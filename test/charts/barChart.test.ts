import { describe, expect, it } from "vitest";
import { barChart, type BarGroup } from "../../src/charts/barChart.ts";

const group = (name: string, a: number, b: number): BarGroup => ({
  name,
  bars: [
    { name: "ceiling", value: a },
    { name: "free", value: b },
  ],
});

/** Widths of the bars in the order of the document, pixels. */
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/gu)].map(([, width]) => Number(width));

const height = (svg: string): number => Number(/height="(\d+)"/u.exec(svg)?.[1]);

describe("grouped bars", () => {
  it("are as long as their values, and say name and value", () => {
    const svg = barChart([group("camel", 1, 0.5)], "mean J");
    const [first, second] = widths(svg);
    expect(second / first).toBeCloseTo(0.5, 6);
    for (const words of ["camel", "ceiling 1.000", "free 0.500", "mean J"]) expect(svg).toContain(words);
  });

  it("grow with the number of groups, in the order given", () => {
    const [one, two] = [[group("b", 1, 1)], [group("b", 1, 1), group("a", 0.2, 0.1)]].map((groups) =>
      barChart(groups, "J"),
    );
    expect(height(two)).toBeGreaterThan(height(one) + 20);
    expect(two.indexOf(">b<")).toBeLessThan(two.indexOf(">a<"));
    expect(widths(two)).toHaveLength(4);
  });

  it("leave out what is not a number", () => {
    const svg = barChart([group("a", Number.NaN, 0.5)], "J");
    expect(widths(svg)).toHaveLength(1);
    expect(svg).not.toContain("NaN");
  });
});
