import { expect, test } from "vitest";
import { matrixOfTurn, orient, orientationOf, orientedSize } from "../../../src/video/sources/orientation.ts";
import { buildTimestampTable, frameNames } from "../../../src/video/sources/timestampTable.ts";

test("the container's own ascending times are kept, whatever the gaps", () => {
  const { timesSec, exact } = buildTimestampTable([-0.1, 0.2, 5, 5.001], 0.04);
  expect([...timesSec]).toEqual([-0.1, 0.2, 5, 5.001]);
  expect(exact).toBe(true);
});

test("missing times and times that do not ascend are repaired, and then no frame is found by its time", () => {
  const cases: [number[], number[]][] = [
    [
      [Number.NaN, Number.NaN, Number.NaN],
      [0, 0.5, 1],
    ],
    [
      [2, 2, 7, Number.NaN, 3],
      [2, 2.5, 7, 7.5, 8],
    ],
  ];
  for (const [reported, expected] of cases) {
    const table = buildTimestampTable(reported, 0.5);
    expect([...table.timesSec]).toEqual(expected);
    expect(table.exact).toBe(false);
  }
});

test("names are the index in at least five digits", () => {
  expect(frameNames(2)).toEqual(["00000", "00001"]);
  expect(frameNames(100_001)[100_000]).toBe("100000");
});

/** A picture of single-channel values, repeated for R, G and B. */
const picture = (rows: number[][]) => ({
  width: rows[0].length,
  height: rows.length,
  data: Uint8Array.from(rows.flat().flatMap((v) => [v, v, v])),
});

test.each([
  [
    "90 clockwise",
    matrixOfTurn(90),
    [
      [4, 1],
      [5, 2],
      [6, 3],
    ],
  ],
  [
    "180",
    matrixOfTurn(180),
    [
      [6, 5, 4],
      [3, 2, 1],
    ],
  ],
  [
    "270 clockwise",
    matrixOfTurn(270),
    [
      [3, 6],
      [2, 5],
      [1, 4],
    ],
  ],
  [
    "mirrored left to right",
    [-1, 0, 0, 0, 1],
    [
      [3, 2, 1],
      [6, 5, 4],
    ],
  ],
  [
    "upside down",
    [1, 0, 0, 0, -1],
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  ],
  [
    "transposed",
    [0, 1, 0, 1, 0],
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  ],
  [
    "as it is",
    [65536, 0, 0, 0, 65536],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  [
    "degenerate: as it is",
    [0, 0, 0, 0, 0],
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
])("%s", (_, matrix, expected) => {
  const orientation = orientationOf(matrix);
  expect(
    orient(
      picture([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      orientation,
    ),
  ).toEqual(picture(expected));
  expect(orientedSize(3, 2, orientation)).toEqual([expected[0].length, expected.length]);
});

test("no matrix means upright", () => {
  expect(orientationOf(undefined)).toEqual({ a: 1, b: 0, c: 0, d: 1 });
});
