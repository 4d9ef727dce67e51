import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regionOf } from "../../src/annotations/region.ts";
import { cocoRuns, packRuns, regionOfCocoRuns, runsOf, unpackRuns, valuesOfRuns } from "../../src/formats/runs.ts";

describe("runs", () => {
  it("begin with those of the background, as in pycocotools' own examples", () => {
    expect(runsOf([0, 0, 1, 1, 1, 0, 1])).toEqual([2, 3, 1, 1]);
    expect(runsOf([1, 1, 1, 1, 1, 1, 0])).toEqual([0, 6, 1]);
  });

  it("come back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 50 }), (values) => {
        expect(valuesOfRuns(runsOf(values), values.length, "x")).toEqual(values);
      }),
    );
  });

  it.each([
    [[2, 3], /runs of 5 pixels in all, expected 6/],
    [[2, 5], /a run of 5 after 2 pixels/],
    [[-1, 7], /a run of -1/],
    [[0.5], /a run of 0\.5/],
    [[1e12], /a run of 1000000000000 after 0/],
  ])("%j do not fit six pixels", (runs, says) => {
    expect(() => valuesOfRuns(runs, 6, "m.json")).toThrow(says);
  });
});

describe("COCO's runs", () => {
  const size = { width: 3, height: 2 };

  it("go down the columns", () => {
    // . # .
    // . # #
    const region = regionOf({ ...size, data: Uint8Array.of(0, 1, 0, 0, 1, 1) }, 1)!;
    expect(cocoRuns(region, size)).toEqual([2, 2, 1, 1]);
  });

  it("of any region come back, and are those of the whole picture's columns", () => {
    const pictures = fc
      .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
      .chain(({ width, height }) =>
        fc
          .uint8Array({ max: 1, minLength: width * height, maxLength: width * height })
          .map((data) => ({ width, height, data })),
      );
    fc.assert(
      fc.property(pictures, (picture) => {
        const region = regionOf(picture, 1);
        const { width, height, data } = picture;
        const columns = Array.from(
          { length: width * height },
          (_, i) => data[(i % height) * width + Math.floor(i / height)],
        );
        if (region !== undefined) expect(cocoRuns(region, picture)).toEqual(runsOf(columns));
        expect(regionOfCocoRuns(runsOf(columns), picture, "x")).toEqual(region);
      }),
    );
  });

  it("of a picture that cannot be are refused before memory is taken for it", () => {
    for (const [width, height] of [
      [1e9, 1e9],
      [30_000, 30_000],
      [0, 5],
      [-3, 5],
    ])
      expect(() => regionOfCocoRuns([1], { width, height }, "m.json")).toThrow(/m\.json is not the size of a picture/);
  });
});

describe("COCO's compressed runs", () => {
  /** A mask of the KITTI MOTS annotations' documentation, 1242x375. */
  const MOTS = "WSV:2d;1O10000O10000O1O100O100O1O100O1000000000000000O100O102N5K00O1O1N2O110OO2O001O1NTga3";

  it("of the example in MOTS' definition are a flat thing in a picture of 1242x375", () => {
    const runs = unpackRuns(MOTS, "x");
    expect(runs.reduce((a, b) => a + b)).toBe(1242 * 375);
    expect(packRuns(runs)).toBe(MOTS);
    const region = regionOfCocoRuns(runs, { width: 1242, height: 375 }, "x")!;
    expect([region.x, region.y, region.width, region.height]).toEqual([890, 168, 41, 11]);
  });

  it.each([
    [[0], "0"],
    [[6, 1, 40, 4, 5, 4, 5, 4, 21], "61X13mN000`0"],
  ])("%j are %s", (runs, text) => {
    expect(packRuns(runs)).toBe(text);
    expect(unpackRuns(text, "x")).toEqual(runs);
  });

  it("come back", () => {
    const runs = fc.array(fc.integer({ min: 0, max: 2 ** 27 }), { maxLength: 20 });
    fc.assert(
      fc.property(runs, (given) => {
        expect(unpackRuns(packRuns(given), "x")).toEqual(given);
      }),
    );
  });

  it.each([" ", "é", "o", "oooooooooo", "0~"])("%j is none", (text) => {
    expect(() => unpackRuns(text, "m.json")).toThrow(/m\.json: the mask is no compressed run-length encoding of COCO/);
  });

  it("whatever the text is, it is read or refused", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        try {
          regionOfCocoRuns(unpackRuns(text, "x"), { width: 5, height: 4 }, "x");
        } catch (error) {
          expect(error).toMatchObject({ code: "format/value" });
        }
      }),
    );
  });
});
