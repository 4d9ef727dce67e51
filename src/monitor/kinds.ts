/** @file All kinds of faults. */
import { CAMERA_FAULTS, type CameraFault } from "./faults.ts";

/** A kind of fault. */
export type FaultKind = CameraFault;
/** All of them. */
export const FAULT_KINDS: readonly FaultKind[] = CAMERA_FAULTS;
