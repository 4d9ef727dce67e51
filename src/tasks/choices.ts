/**
 * @file The names that tasks and options choose from. They are written out here, and held against the types of the code
 * that they name, so that help and schemas need none of that code.
 */
import { ablationRows } from "../evaluation/ablation/rows.ts";
import type { Language } from "../footage/texts/languages.ts";
import type { MotOverlap } from "../evaluation/benchmarks/motClip.ts";
import type { VoidHandling } from "../metrics/davis.ts";
import type { QueryMode } from "../metrics/tapVid.ts";
import type { VariantName } from "../method/encoder.ts";
import type { EnsembleView } from "../method/encoderEnsemble.ts";
import type { CameraChoice } from "../motion/motionEstimator.ts";
import type { ModelsAction } from "../site/modelUse.ts";
import type { BoxShape } from "../tracking/masks/boxLabels.ts";
import type { ModeName } from "../tracking/modes.ts";
import type { Protocol, ProtocolName } from "../tracking/protocols.ts";
import type { Direction } from "../tracking/session/plan.ts";

type Names<Name extends string> = readonly [Name, ...Name[]];

/** The names of a union, each once: the compiler refuses a list that lacks one or has another. */
function namesOf<Name extends string>(all: Readonly<Record<Name, true>>): Names<Name> {
  return Object.keys(all) as [Name, ...Name[]];
}

export const VARIANTS = namesOf<VariantName>({ mast: true, crw: true, small: true, nano: true });
export const PROTOCOLS = namesOf<ProtocolName>({
  default: true,
  crw: true,
  mast: true,
  mamp: true,
  liir: true,
  vfs: true,
  sfc: true,
  dino: true,
});
export const MODES = namesOf<ModeName>({ exact: true, fast: true, live: true });
export const CAMERAS = namesOf<CameraChoice>({ estimate: true, still: true, auto: true });
export const VIEWS = namesOf<EnsembleView>({ mirror: true, half: true, double: true });
export const FIRST_FRAMES = namesOf<Protocol["memory"]["first"]>({ unrestricted: true, windowed: true, none: true });
export const UPSAMPLINGS = namesOf<Protocol["upsampling"]>({ bilinear: true, guided: true });
export const VISIBILITIES = namesOf<Protocol["visibility"]>({ judged: true, always: true });
export const TARGETS = namesOf<Protocol["target"]>({ motion: true, model: true, none: true });
export const POINT_MOTIONS = namesOf<Protocol["pointMotion"]>({ flow: true, none: true });
export const CANDIDATES = namesOf<NonNullable<Protocol["candidates"]>>({ clusters: true });
export const BOXES = namesOf<BoxShape>({ refine: true, exact: true });
export const DIRECTIONS = namesOf<Direction>({ forward: true, backward: true, both: true });
export const VOID_HANDLINGS = namesOf<VoidHandling>({ background: true, ignore: true });
export const OVERLAPS = namesOf<MotOverlap>({ auto: true, box: true, mask: true });
export const LANGUAGES = namesOf<Language>({ en: true, ja: true });
export const MODELS_ACTIONS = namesOf<ModelsAction["action"]>({ list: true, show: true, use: true, rollback: true });
export const QUERY_MODES = namesOf<QueryMode>({ first: true, strided: true });

/** Floors that a benchmark can be run with instead of weights. */
export const BASELINES = ["copy-first", "untrained"] as const;
/** How points are followed. */
export const POINT_METHODS = ["propagation", "direct"] as const;
/** How numbers of weights are written. */
export const WEIGHT_TYPES = ["F16", "F32"] as const;

/** Formats that labels are converted to. */
export const WRITABLE_FORMATS = [
  "coco",
  "youtube-vis",
  "cvat-video",
  "cvat-images",
  "yolo",
  "yolo-seg",
  "yolo-pose",
  "label-studio",
  "label-studio-images",
  "mot",
  "mot-results",
  "mots-txt",
  "mots-png",
  "youtube-vos",
  "mask-folder",
  "labelme",
  "voc",
  "viame",
  "dive-json",
  "deeplabcut",
  "sleap-csv",
  "sleap-h5",
  "tapvid",
  "parquet",
  "points-csv",
] as const;
/** Formats that a clip is tracked from. */
export const LABEL_FORMATS = [...WRITABLE_FORMATS, "deeplabcut-h5", "points-json", "mask-picture"] as const;
/** Formats that are read; `tracked` is a folder of results, `joints` are scored against. */
export const READABLE_FORMATS = [...LABEL_FORMATS, "tracked", "joints"] as const;

/** What tokens of a service allow. */
export const SERVICE_SCOPES = ["read", "label", "run"] as const;
/** With what a token of a coordinator (`federate serve`) allows. */
export const SCOPES = [...SERVICE_SCOPES, "federate"] as const;

/** The rows of an ablation, in their order. */
export const ABLATION_ROWS = ablationRows.map(({ name }) => name);

/** The tasks by name. */
export const TASK_NAMES = [
  "track",
  "train",
  "resume",
  "ablate",
  "review",
  "check",
  "convert",
  "events",
  "listen",
  "monitor",
  "discover",
  "inspect",
  "snapshot",
  "evaluate",
  "score",
  "weights",
  "calibrate",
  "demo",
  "site",
  "federate",
] as const;
export type TaskName = (typeof TASK_NAMES)[number];
