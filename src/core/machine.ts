/** @file The machine that a task runs on: what computes, and with how many threads. */

/** Where tensors are computed. */
export const DEVICES = ["cpu", "webgpu"] as const;
export type Device = (typeof DEVICES)[number];

/** Given to a task when it runs; not part of the task itself, so that the same task runs anywhere. */
export interface Machine {
  readonly device: Device;
  /** Threads of the CPU, 1 or more; default all cores. */
  readonly threads?: number;
}

/** The CPU with all its cores. */
export const THIS_MACHINE: Machine = { device: "cpu" };

/** The threads alone, for options that have no device. */
export function threadsOf({ threads }: Machine): Pick<Machine, "threads"> {
  return threads === undefined ? {} : { threads };
}
