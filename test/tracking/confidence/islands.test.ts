import { describe, expect, it } from "vitest";
import { Islands } from "../../../src/tracking/confidence/islands.ts";

const WIDTH = 24;
const HEIGHT = 8;

type Block = readonly [left: number, top: number, width: number, height: number, label?: number];

/** `[cells, labels]`: blocks of cells that an object has to itself. */
function weightsOf(blocks: readonly Block[], labels = 2): Float32Array {
  const out = new Float32Array(WIDTH * HEIGHT * labels);
  for (let cell = 0; cell < WIDTH * HEIGHT; cell++) {
    const [x, y] = [cell % WIDTH, Math.floor(cell / WIDTH)];
    const block = blocks.find(
      ([left, top, width, height]) => x >= left && x < left + width && y >= top && y < top + height,
    );
    out[cell * labels + (block === undefined ? 0 : (block[4] ?? 1))] = 1;
  }
  return out;
}

/** What is left of some blocks. */
function cleared(islands: Islands, blocks: readonly Block[], labels = 2): Float32Array {
  const weights = weightsOf(blocks, labels);
  islands.clear(weights);
  return weights;
}

const object: Block = [1, 2, 4, 4];

describe("islands", () => {
  it("far from the object they go to the background, near it they stay", () => {
    const islands = new Islands(weightsOf([object]), 2, WIDTH);
    expect(
      cleared(islands, [
        [2, 2, 4, 4],
        [18, 2, 3, 3],
      ]),
    ).toEqual(weightsOf([[2, 2, 4, 4]]));
    const near: Block[] = [
      [2, 2, 4, 4],
      [8, 3, 1, 1],
    ];
    expect(cleared(islands, near)).toEqual(weightsOf(near));
  });

  it("what covers most of where the object was is the object, however large an island is", () => {
    const islands = new Islands(weightsOf([object]), 2, WIDTH);
    expect(
      cleared(islands, [
        [1, 3, 3, 2],
        [14, 0, 8, 8],
      ]),
    ).toEqual(weightsOf([[1, 3, 3, 2]]));
    // The object is taken to be there now: the next frame's part elsewhere is an island again.
    expect(
      cleared(islands, [
        [1, 3, 2, 2],
        [14, 0, 8, 8],
      ]),
    ).toEqual(weightsOf([[1, 3, 2, 2]]));
  });

  it("where nothing covers its place it is the largest part, and after a cut too", () => {
    const islands = new Islands(weightsOf([object]), 2, WIDTH);
    expect(
      cleared(islands, [
        [10, 3, 2, 2],
        [18, 1, 4, 4],
      ]),
    ).toEqual(weightsOf([[18, 1, 4, 4]]));
    const other = new Islands(weightsOf([object]), 2, WIDTH);
    other.forget();
    expect(
      cleared(other, [
        [1, 3, 2, 2],
        [18, 1, 4, 4],
      ]),
    ).toEqual(weightsOf([[18, 1, 4, 4]]));
  });

  it("parts that were apart in the labelled frame may stay so", () => {
    const apart: Block[] = [
      [1, 2, 4, 4],
      [12, 2, 2, 2],
    ];
    const islands = new Islands(weightsOf(apart), 2, WIDTH);
    expect(cleared(islands, apart)).toEqual(weightsOf(apart));
  });

  it("every object has its own; a part that touches another object is none of it", () => {
    const islands = new Islands(weightsOf([object, [16, 2, 4, 4, 2]], 3), 3, WIDTH);
    const blocks: Block[] = [object, [16, 2, 4, 4, 2], [20, 2, 2, 2, 1]];
    const left = cleared(islands, blocks, 3);
    expect(left).toEqual(weightsOf([object, [16, 2, 4, 4, 2]], 3));
  });

  it("an object without cells is left alone", () => {
    const islands = new Islands(weightsOf([]), 2, WIDTH);
    expect(cleared(islands, [])).toEqual(weightsOf([]));
  });

  it("resumed with the cells that it left it goes on as if not stopped", () => {
    const whole = new Islands(weightsOf([object]), 2, WIDTH);
    const after = cleared(whole, [
      [3, 2, 3, 3],
      [15, 0, 8, 8],
    ]);
    const resumed = new Islands(weightsOf([object]), 2, WIDTH);
    resumed.resume(after);
    const next: Block[] = [
      [5, 3, 2, 2],
      [15, 0, 8, 8],
    ];
    expect(cleared(resumed, next)).toEqual(cleared(whole, next));
  });
});
