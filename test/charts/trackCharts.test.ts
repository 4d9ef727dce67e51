import { describe, expect, it } from "vitest";
import { speedChart } from "../../src/charts/speedChart.ts";
import { trajectoryChart } from "../../src/charts/trajectoryChart.ts";

const frame = { width: 720, height: 360 };
/** The commands of all paths that are drawn in a colour. */
const linesOf = (svg: string, colour: string): string[] =>
  [...svg.matchAll(/<path[^>]*>/gu)]
    .map(([path]) => path)
    .filter((path) => path.includes(`stroke="${colour}"`))
    .map((path) => /\bd="([^"]*)"/u.exec(path)?.[1] ?? "");

describe("trajectories", () => {
  const points = [{ x: 0, y: 0 }, { x: 100, y: 50 }, null, { x: 200, y: 60 }, { x: 720, y: 360 }];
  const svg = trajectoryChart([{ name: "car & <van>", colour: "rgb(128,0,0)", points }], frame);

  it("a path in the frame's coordinates, y down, interrupted where the object is hidden", () => {
    // The area begins at (45, 30) and is as large as the frame.
    expect(linesOf(svg, "rgb(128,0,0)")[0]).toBe("M45,30L145,80M245,90L765,390");
  });

  it("a ring at the start, a disc at the end, a legend", () => {
    expect(svg).toMatch(/<circle (?=[^>]*r="4")(?=[^>]*cx="45")[^>]*cy="30"/u);
    expect(svg).toMatch(/<circle (?=[^>]*r="5")(?=[^>]*cx="765")[^>]*cy="390"/u);
    expect(svg).toContain("car &amp; &lt;van&gt;");
    expect(svg).not.toContain("<image");
  });

  it("lies over a picture when there is one", () => {
    const over = trajectoryChart([], { ...frame, ground: "data:image/png;base64,AAAA" });
    expect(over).toContain('href="data:image/png;base64,AAAA"');
  });

  it("objects that were never seen are only in the legend; many names are counted", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `n${i}`, colour: "rgb(0,128,0)", points: [null] }));
    const chart = trajectoryChart(many, frame);
    expect(chart).toContain("n18");
    expect(chart).not.toContain("n19");
    expect(chart).toContain("and 11 more");
  });
});

it("speed over time has a gap where it is not known, and its unit", () => {
  const speeds = [1, 2, null, 3, 4];
  const points = speeds.map((speed, i) => ({ timeSec: i, speed }));
  const svg = speedChart([{ name: "a", colour: "rgb(0,0,128)", points }], "mm/s");
  expect(linesOf(svg, "rgb(0,0,128)")[0].match(/M/gu)).toHaveLength(2);
  expect(svg).toContain("speed, mm/s");
});
