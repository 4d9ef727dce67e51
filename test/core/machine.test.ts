import { expect, expectTypeOf, it } from "vitest";
import { type Machine, type MachineOptions, THIS_MACHINE, type Threads } from "../../src/core/machine.ts";

it("the default machine is the CPU, its threads left open", () => {
  expect(THIS_MACHINE).toEqual({ device: "cpu" });
});

it("a machine serves as options of any work, with threads that may be undefined", () => {
  expectTypeOf<Machine>().toExtend<MachineOptions>();
  expectTypeOf<Machine>().toExtend<Threads>();
  expectTypeOf<{ device: "webgpu"; threads: number | undefined }>().toExtend<Machine>();
});
