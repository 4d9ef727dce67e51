import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { Speedometer } from "../../src/results/speedometer.ts";

describe("Speedometer", () => {
  it("a straight way: 3 px right and 4 px down every 0.1 s are 50 px/s, both ways", () => {
    const meter = new Speedometer();
    expect(meter.at(0, [0, 0])).toEqual({ raw: null, smooth: null });
    // Less than half of the window: too short for a smoothed speed.
    expect(meter.at(0.1, [3, 4])).toEqual({ raw: expect.closeTo(50, 9), smooth: null });
    for (let i = 2; i < 10; i++)
      expect(meter.at(i / 10, [3 * i, 4 * i])).toEqual({ raw: expect.closeTo(50, 9), smooth: expect.closeTo(50, 9) });
  });

  it("starts again after the object was hidden", () => {
    const meter = new Speedometer();
    meter.at(0, [0, 0]);
    meter.at(0.2, [10, 0]);
    expect(meter.interrupt()).toEqual({ raw: null, smooth: null });
    expect(meter.at(0.6, [100, 0])).toEqual({ raw: null, smooth: null });
    expect(meter.at(0.8, [110, 0])).toEqual({ raw: expect.closeTo(50, 9), smooth: expect.closeTo(50, 9) });
  });

  it("frames further apart than the window: the last two", () => {
    const meter = new Speedometer();
    meter.at(0, [0, 0]);
    meter.at(1, [10, 0]);
    expect(meter.at(2, [30, 0])).toEqual({ raw: 20, smooth: expect.closeTo(20, 9) });
  });

  it("tremble shows in the raw speed and averages out of the smoothed one", () => {
    const random = new Random(1);
    const meter = new Speedometer();
    let [raw, smooth] = [0, 0];
    for (let i = 0; i < 200; i++) {
      const speed = meter.at(i / 25, [random.normal() / 2, random.normal() / 2]);
      if (i < 10) continue;
      raw += speed.raw! / 190;
      smooth += speed.smooth! / 190;
    }
    expect(raw).toBeGreaterThan(15);
    expect(smooth).toBeLessThan(raw / 5);
  });
});
