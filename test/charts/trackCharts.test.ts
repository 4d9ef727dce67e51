import { describe, expect, it } from "vitest";
import { curveStyle } from "../../src/charts/curveColours.ts";
import { LABEL_HEIGHT, labelMargin, labelWidth, placeEndLabels, shortened } from "../../src/charts/endLabels.ts";
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

const curve = (name: string, speeds: readonly (number | null)[]) => ({
  name,
  points: speeds.map((speed, i) => ({ timeSec: i, speed })),
});
/** How many pieces are drawn in the first curve's colour. */
const pieces = (svg: string): number =>
  [...svg.matchAll(/<g [^>]*aria-label="line"[^>]*>/gu)].filter(([group]) => group.includes(curveStyle(0).colour))
    .length;
const middles = (...ys: number[]): number[] => {
  const ends = ys.map((y, i) => ({ name: `${i}`, x: 100, y }));
  return placeEndLabels(ends, [10, 200]).map(({ middle }) => middle);
};

describe("speed over time", () => {
  it("has a gap where it is not known, and its unit; the axis begins at 0", () => {
    const svg = speedChart([curve("a", [1, 2, 3, null, 3, 4, 5])], "mm/s");
    expect(pieces(svg)).toBe(2);
    expect(svg).toContain("speed, mm/s");
    expect(svg).toMatch(/>0(?:\.0)?</u);
  });

  it("leaves out pieces of fewer than three values, and things that have no other", () => {
    const svg = speedChart([curve("a", [1, 2, null, 3, null, 4, 5, 6]), curve("brief", [1, 2, null])], "px/s");
    expect(pieces(svg)).toBe(1);
    expect(svg).not.toContain("brief");
    expect(() => speedChart([], "px/s")).not.toThrow();
  });

  it("has each name at its curve's end, none on another, none cut off, without an empty margin", () => {
    const names = Array.from({ length: 13 }, (_, i) => `right_shoulder ${i}`);
    const svg = speedChart(
      names.map((name, i) => curve(name, [i, 30 - i, 20 + i / 100, i % 4 === 0 ? null : 20])),
      "px/s",
    );
    const width = Number(/width="(?<width>\d+)"/u.exec(svg)?.groups?.["width"]);
    expect(width).toBe(870 + labelMargin(names));
    for (const name of names) expect(svg.split(`>${name}<`).length).toBeGreaterThan(1);
    expect(new Set(names.map((_, i) => curveStyle(i).colour)).size).toBe(13);
  });
});

describe("names at the ends of curves", () => {
  it("stay where there is room, beside the end", () => {
    expect(middles(20, 40, 100)).toEqual([20, 40, 100]);
    expect(placeEndLabels([{ name: "a", x: 100, y: 50 }], [10, 200])[0].left).toBeGreaterThan(100);
  });

  it("move apart by a line's height, as little as possible, in the order of the ends", () => {
    expect(middles(52, 48, 150)).toEqual([50 - LABEL_HEIGHT / 2, 50 + LABEL_HEIGHT / 2, 150]);
    expect(
      placeEndLabels(
        [
          { name: "low", x: 0, y: 90 },
          { name: "high", x: 0, y: 20 },
        ],
        [10, 200],
      )[0].name,
    ).toBe("high");
  });

  it("stay within the chart", () => {
    const many = middles(...Array.from({ length: 12 }, () => 195));
    expect(many).toEqual(Array.from({ length: 12 }, (_, i) => 200 - LABEL_HEIGHT * (11 - i)));
    expect(middles(0)).toEqual([10]);
    expect(middles()).toEqual([]);
  });

  it("long ones are cut; those of East Asian scripts take twice the room", () => {
    expect(Array.from(shortened("x".repeat(40)))).toHaveLength(24);
    expect(labelWidth("手首")).toBe(labelWidth("hand"));
  });
});

it("curves keep their own style up to 48", () => {
  const styles = Array.from({ length: 49 }, (_, i) => JSON.stringify(curveStyle(i)));
  expect(new Set(styles.slice(0, 48)).size).toBe(48);
  expect(styles[48]).toBe(styles[0]);
});
