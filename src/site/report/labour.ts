/** @file Hours of work by hand and with the tool, and what they assume. */
import type { SitePrices } from "../siteFile.ts";

/** What the hours follow from. */
export interface LabourInput {
  /** Frames of all footage. */
  readonly frames: number;
  /** Passages that the footage has when it is cut as in the plan. */
  readonly passages: number;
  readonly objectsPerFrame: number;
  /** Labels given in a passage beyond the first. */
  readonly corrections: number;
  /** Of the tracker on this machine. */
  readonly framesPerSecond: number;
  readonly prices: SitePrices;
}

/** Hours; costs are null without a wage. */
export interface Labour {
  readonly corrections: number;
  readonly handHours: number;
  /** First labels and corrections. */
  readonly toolHours: number;
  /** The machine works alone. */
  readonly machineHours: number;
  readonly handCost: number | null;
  readonly toolCost: number | null;
  /** `toolHours / handHours`. */
  readonly share: number;
}

const HOUR = 3600;

/** A mask of every object in every frame, against a mask at the start of each passage and corrections. */
export function labour(input: LabourInput, maskSec = input.prices.maskSec): Labour {
  const { frames, passages, objectsPerFrame, corrections, framesPerSecond, prices } = input;
  const { correctionSec, wagePerHour, machinePerHour } = prices;
  const handHours = (frames * objectsPerFrame * maskSec) / HOUR;
  const toolHours = (passages * objectsPerFrame * (maskSec + corrections * correctionSec)) / HOUR;
  const machineHours = frames / framesPerSecond / HOUR;
  const paid = (hours: number): number | null => (wagePerHour === null ? null : hours * wagePerHour);
  const toolWage = paid(toolHours);
  return {
    corrections,
    handHours,
    toolHours,
    machineHours,
    handCost: paid(handHours),
    toolCost: toolWage === null ? null : toolWage + machineHours * machinePerHour,
    share: toolHours / handHours,
  };
}

/** Seconds a mask for which the hours are repeated, beside what was said. */
export const SENSITIVITY_SEC: readonly number[] = [10, 20, 60, 180];

/** Only every n-th frame is needed: the hours by hand shrink, those with the tool do not. */
export const SENSITIVITY_EVERY: readonly number[] = [5, 25];
