/** @file What the service answers, by the types of its API; records of frames are lines of a session's journal. */
export type {
  Clip,
  ClipCheck,
  Job,
  JobEvent,
  LabelledFrame,
  LabelledObject,
  Metrics,
  ProbedClip,
  Session,
  Shapes,
  Site,
  SiteModels,
  SitePlan,
  SiteReport,
} from "../../../src/client/index.ts";
export type { FrameRecord } from "../../../src/tracking/session/journal.ts";
