import { describe, expect, it } from "vitest";
import { paretoChart, paretoFront } from "../../src/charts/paretoChart.ts";

const point = (name: string, x: number, y: number) => ({ name, group: "g", x, y });

describe("the Pareto front", () => {
  it("keeps what nothing else beats in both, by speed", () => {
    const points = [point("fast", 20, 0.6), point("slow", 1, 0.8), point("beaten", 10, 0.5), point("between", 5, 0.7)];
    expect(paretoFront(points).map(({ name }) => name)).toEqual(["slow", "between", "fast"]);
  });

  it("keeps both of two equal points, and of two equally fast ones the better", () => {
    const points = [point("a", 1, 0.5), point("b", 1, 0.5), point("c", 2, 0.4), point("d", 2, 0.45)];
    expect(paretoFront(points).map(({ name }) => name)).toEqual(["a", "b", "d"]);
  });

  it("is drawn with every point's name", () => {
    const svg = paretoChart([point("small 240", 5, 0.7), point("nano", 30, 0.5)], { x: "frames/s", y: "J&F" });
    for (const word of ["small 240", "nano", "frames/s", "J&amp;F"]) expect(svg).toContain(word);
  });
});
