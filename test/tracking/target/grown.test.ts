import * as fc from "fast-check";
import { expect, it } from "vitest";
import { grown } from "../../../src/tracking/target/grown.ts";

const rows = (cells: Uint8Array, width: number): string[] =>
  Array.from({ length: cells.length / width }, (_, y) => cells.subarray(y * width, (y + 1) * width).join(""));

it("marks the square around a cell, and not the other end of the next row", () => {
  const marked = Uint8Array.from("00000000010000000000", Number);
  expect(rows(grown(marked, { width: 5, height: 4 }, 1), 5)).toEqual(["00011", "00011", "00011", "00000"]);
});

it("nothing grows to nothing, anything by 0 stays", () => {
  const marked = Uint8Array.of(0, 1, 0, 0, 1, 0);
  expect(grown(new Uint8Array(6), { width: 3, height: 2 }, 4)).toEqual(new Uint8Array(6));
  expect(grown(marked, { width: 3, height: 2 }, 0)).toEqual(marked);
});

it("is what looking around every cell finds", () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(
      side,
      side,
      fc.integer({ min: 0, max: 10 }),
      fc.infiniteStream(fc.nat(5)),
      (width, height, by, dice) => {
        const marked = Uint8Array.from({ length: width * height }, () => Number(dice.next().value === 0));
        const kept = marked.slice();
        const wanted = marked.map((_, cell) => {
          const near = (other: number): boolean =>
            Math.abs((other % width) - (cell % width)) <= by &&
            Math.abs(Math.floor(other / width) - Math.floor(cell / width)) <= by;
          return Number(marked.some((one, other) => one === 1 && near(other)));
        });
        expect(grown(marked, { width, height }, by)).toEqual(wanted);
        expect(marked).toEqual(kept);
      },
    ),
    { numRuns: 300 },
  );
});
