import { describe, expect, it } from "vitest";
import { lineChart } from "../../src/charts/lineChart.ts";

const points = [
  { x: 1, y: 2 },
  { x: 2, y: 1 },
];
const labels = { xLabel: "step", yLabel: "loss" };
const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)</gu)].map(([, text]) => text);

describe("a line chart", () => {
  it("names a curve only where there are several", () => {
    expect(texts(lineChart([{ name: "mine", points }], labels))).not.toContain("mine");
    const both = texts(
      lineChart(
        [
          { name: "mine", points },
          { name: "yours", points },
        ],
        labels,
      ),
    );
    expect(both).toEqual(expect.arrayContaining(["mine", "yours"]));
  });

  it("does not name a faint curve, whose name would lie on that of the curve that sums it up", () => {
    const named = texts(
      lineChart(
        [
          { name: "raw", faint: true, points },
          { name: "mean", points },
        ],
        labels,
      ),
    );
    expect(named).toContain("mean");
    expect(named).not.toContain("raw");
  });
});
