/** @file Names of workers. They tell in which process of which machine a worker lives, so that others know when it is gone. */
import { readFileSync, readlinkSync } from "node:fs";

/**
 * @param slot tells the workers of one process apart.
 * @returns begins with the process, and ends with the machine where that is known.
 */
export function workerName(slot: number): string {
  return `${process.pid}.${slot}.${process.hrtime.bigint().toString(36)}${place ?? ""}`;
}

/**
 * The end of the names of all workers whose processes can be seen from here: of one start of one machine, and of one
 * container. Undefined where the system does not tell.
 */
export const place = readPlace();

function readPlace(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const space = readlinkSync("/proc/self/ns/pid").replaceAll(/\D/gu, "");
    return `@${boot}.${space}`;
  } catch {
    return undefined;
  }
}
