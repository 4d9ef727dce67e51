/** @file Faults in words. */
import type { CameraFault } from "./faults.ts";

const NAMES: Readonly<Record<CameraFault, string>> = {
  signalLost: "signal lost",
  burntOut: "burnt out",
  covered: "covered",
  tooDark: "too dark",
  frozen: "frozen",
  turned: "turned or shifted",
  shaking: "shaking",
  flicker: "flicker",
  defocused: "out of focus",
  dirty: "spots on the lens",
};

/** What is wrong. */
export const faultWords = (kind: CameraFault): string => NAMES[kind];
