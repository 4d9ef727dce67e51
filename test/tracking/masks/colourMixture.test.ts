import { describe, expect, it } from "vitest";
import { Random } from "../../../src/core/random.ts";
import { ColourMixture } from "../../../src/tracking/masks/colourMixture.ts";

/** `[3, n]` around some colours, the same number of each. */
function around(centres: readonly (readonly number[])[], each: number, spread: number): Float32Array {
  const random = new Random(11);
  const n = centres.length * each;
  return Float32Array.from(
    { length: 3 * n },
    (_, i) => centres[Math.floor((i % n) / each)][Math.floor(i / n)] + spread * random.normal(),
  );
}

const cost = (mixture: ColourMixture, ...colour: readonly number[]): number =>
  mixture.cost(Float32Array.from(colour), 1, 0);

describe("a mixture of colours", () => {
  it("one Gaussian: the density by hand, with the noise in its variances", () => {
    const colours = around([[0.1, -0.2, 0.3]], 4000, 0.05);
    const mixture = new ColourMixture(colours, new Uint8Array(4000));
    const variance = 0.05 ** 2 + 0.015 ** 2;
    const height = 1.5 * Math.log(2 * Math.PI * variance);
    expect(cost(mixture, 0.1, -0.2, 0.3)).toBeCloseTo(height, 1);
    expect(cost(mixture, 0.2, -0.2, 0.3)).toBeCloseTo(height + 0.1 ** 2 / (2 * variance), 1);
  });

  it("channels that go together: along their line is likelier than across", () => {
    const random = new Random(2);
    const along = Array.from({ length: 500 }, () => 0.2 * random.normal());
    const mixture = new ColourMixture(Float32Array.from([...along, ...along, ...along]), new Uint8Array(500));
    expect(cost(mixture, 0.2, 0.2, 0.2)).toBeLessThan(cost(mixture, 0.2, -0.2, 0.2) - 5);
  });

  it("clusters find colours apart, and refitting the same colours keeps what they cost", () => {
    const centres = [
      [-0.5, 0, 0],
      [0.5, 0.3, 0],
      [0, -0.4, 0.4],
    ];
    const colours = around(centres, 200, 0.02);
    const mixture = ColourMixture.ofClusters(colours);
    for (const centre of centres) expect(cost(mixture, ...centre)).toBeLessThan(0);
    expect(cost(mixture, 0, 0, 0)).toBeGreaterThan(3);
    const again = mixture.refitted(colours);
    for (const centre of centres) expect(Math.abs(cost(again, ...centre) - cost(mixture, ...centre))).toBeLessThan(0.5);
  });

  it("a stray colour costs no more than a share of 1 % spread over all colours; one colour alone is fine", () => {
    const mixture = ColourMixture.ofClusters(Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.3, 0.3));
    expect(cost(mixture, -1, 1, -1)).toBeCloseTo(Math.log(800), 6);
    expect(cost(mixture, 0.1, 0.2, 0.3)).toBeLessThan(-5);
  });
});
