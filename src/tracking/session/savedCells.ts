/**
 * @file The state after one tracked frame as a file: for resuming the pass, or for merging it with the backward pass.
 */
import { readState, writeState } from "../../core/stateFile.ts";
import type { PassState } from "./pass.ts";

/** Of the files; those of versions that kept something else are not read. */
const FORMAT = 3;

/** Atomic. @throws UserError `file/write` */
export const writeCells = (path: string, saved: PassState): Promise<void> => writeState(path, FORMAT, saved);

/** @returns undefined when there is no such file, or when it is damaged. */
export async function readCells(path: string): Promise<PassState | undefined> {
  return (await readState(path, FORMAT)) as PassState | undefined;
}
