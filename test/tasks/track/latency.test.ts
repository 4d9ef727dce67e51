import { expect, it } from "vitest";
import { LatencyHistogram } from "../../../src/tasks/track/latency.ts";

it("latency: median and 95 of 100 to 5 ms, the largest exactly, beyond a minute too", () => {
  const latency = new LatencyHistogram();
  expect(latency.summary).toEqual({ median: 0, p95: 0, largest: 0 });
  for (let i = 1; i <= 100; i++) latency.add(i / 100);
  expect(latency.count).toBe(100);
  expect(latency.summary.median).toBeCloseTo(0.5, 1);
  expect(latency.summary.p95).toBeCloseTo(0.95, 1);
  expect(latency.summary.largest).toBe(1);
  latency.add(100);
  expect(latency.summary.largest).toBe(100);
});
