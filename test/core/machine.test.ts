import { expect, it } from "vitest";
import { THIS_MACHINE, threadsOf } from "../../src/core/machine.ts";

it("the default machine leaves its threads open", () => {
  expect(THIS_MACHINE).toEqual({ device: "cpu" });
  expect("threads" in threadsOf(THIS_MACHINE)).toBe(false);
});

it("threads alone, for options without a device", () => {
  expect(threadsOf({ device: "webgpu", threads: 3 })).toEqual({ threads: 3 });
});
