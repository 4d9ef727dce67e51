/** @file The machine that work runs on: what computes, and with how many threads. */

/** Where tensors are computed. */
export const DEVICES = ["cpu", "webgpu"] as const;
export type Device = (typeof DEVICES)[number];

/** Options of work that has no choice of device. */
export interface Threads {
  /** Threads of the CPU, 1 or more; default all cores. */
  readonly threads?: number | undefined;
}

/** Options of work that computes tensors. */
export interface MachineOptions extends Threads {
  /** Default `cpu`. */
  readonly device?: Device | undefined;
}

/** Given to a task when it runs; not part of the task itself, so that the same task runs anywhere. */
export interface Machine extends MachineOptions {
  readonly device: Device;
}

/** The CPU with all its cores. */
export const THIS_MACHINE: Machine = { device: "cpu" };
