/** @file What the service answers: the types of its own schemas. */
import type { z } from "zod";
import type {
  clipBody,
  errorBody,
  jobBody,
  labelledFrameBody,
  probedClipBody,
  recordsBody,
  sessionBody,
} from "../../../src/server/api/schemas.ts";
import type { LabelledObject, Shapes } from "../../../src/server/labels/labelStore.ts";
import type { FrameRecord } from "../../../src/tracking/session/journal.ts";

export type Clip = z.output<typeof clipBody>;
export type ProbedClip = z.output<typeof probedClipBody>;
export type Job = z.output<typeof jobBody>;
export type Session = z.output<typeof sessionBody>;
export type LabelledFrame = z.output<typeof labelledFrameBody>;
export type Records = Omit<z.output<typeof recordsBody>, "records"> & { readonly records: readonly FrameRecord[] };
export type ErrorParts = z.output<typeof errorBody>["error"];
export type { FrameRecord, LabelledObject, Shapes };
