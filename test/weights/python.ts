/** PyTorch as the other side of the weight formats, where the machine has it. */
import { execFileSync, spawnSync } from "node:child_process";

const PYTHON = "/usr/bin/python3";

/** Whether the system Python imports PyTorch. */
export const hasTorch = spawnSync(PYTHON, ["-c", "import torch, numpy"]).status === 0;

/** Runs a program with arguments; its standard output. */
export function python(program: string, ...args: string[]): string {
  return execFileSync(PYTHON, ["-c", program, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
