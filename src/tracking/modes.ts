/**
 * @file Modes: how much exactness is given up for speed, as data on top of any protocol. Measured in docs/tracking.md.
 */
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Pruning } from "../kernels/matcher.ts";
import type { PictureSize, Precision } from "../method/features.ts";
import type { EncodingEffort } from "../video/writing/pictureEncoder.ts";
import type { Protocol } from "./protocols.ts";

/** Everything that a mode decides. */
export interface Mode {
  /** How candidates are searched; null = every candidate of the protocol. */
  readonly pruning: Pruning | null;
  /**
   * The encoder's input is shrunk to so many rows (shorter side) of cells, unless the protocol names a size; null =
   * never. Points shrink it further, see `modeFor`.
   */
  readonly cellRows: number | null;
  /**
   * Rows of cells (shorter side) of the small picture that advises the large one where target models are used, if that
   * is much smaller than the encoder's own input; null = there is none.
   */
  readonly smallRows: number | null;
  /** The encoder's arithmetic. */
  readonly precision: Precision;
  /** At most so many recent frames in the memory; null = as the protocol has it. */
  readonly recentFrames: number | null;
  /** Compression of the overlay's video. */
  readonly overlayEffort: EncodingEffort;
  /** How labels come from cells to pixels whatever the protocol says; null = as it says. */
  readonly upsampling: Protocol["upsampling"] | null;
  /** Guided masks are made by `GuidedDecoder`: several times as fast, other in single pixels. */
  readonly quickMasks: boolean;
}

/** A picture of less than so many times the rows of the small one does without it. */
const LEAST_RATIO = 1.5;

const pruning: Pruning = { cells: 6, reach: 12, energy: 0.99, belief: 0.5 };

/** The modes by name. */
export const modes = {
  exact: {
    pruning: null,
    cellRows: null,
    smallRows: 60,
    precision: "float32",
    recentFrames: null,
    overlayEffort: "usual",
    upsampling: null,
    quickMasks: false,
  },
  fast: {
    pruning,
    cellRows: 180,
    smallRows: 60,
    precision: "int8",
    recentFrames: null,
    overlayEffort: "usual",
    upsampling: null,
    quickMasks: false,
  },
  live: {
    pruning: { ...pruning, cells: 3, settle: 0.99 },
    cellRows: 46,
    smallRows: null,
    precision: "int8",
    recentFrames: 5,
    overlayEffort: "least",
    upsampling: "guided",
    quickMasks: true,
  },
} as const satisfies Record<string, Mode>;

/** A name of `modes`. */
export type ModeName = keyof typeof modes;

/**
 * The mode of a protocol unless another one is asked for. `default` carries masks better in `fast` (docs/tracking.md)
 * and points better in `exact` (docs/keypoints.md); the presets of research codes search every candidate, as these do.
 */
export function usualMode(protocolName: string, hasPoints = false): ModeName {
  return protocolName === "default" && !hasPoints ? "fast" : "exact";
}

/** The mode with this name. @throws UserError `mode/unknown` */
export function resolveMode(name: string): Mode {
  if (Object.hasOwn(modes, name)) return modes[name as ModeName];
  throw new UserError("mode/unknown", {
    what: "unknown mode",
    got: `"${name}"`,
    expected: `one of ${Object.keys(modes).join(", ")}`,
    todo: `did you mean ${nearest(name, Object.keys(modes))}?`,
  });
}

/** What is labelled; boxes are masks. */
export type LabelKinds = "masks" | "points" | "both";

/** At most so many rows of cells for these labels, whatever the mode (docs/keypoints.md); null = as the mode has it. */
const rowLimits: Readonly<Record<LabelKinds, number | null>> = { masks: null, points: 80, both: 180 };

/** The mode with the size of the encoder's input that is right for these labels. */
export function modeFor(mode: Mode, kinds: LabelKinds): Mode {
  const limit = rowLimits[kinds];
  return limit === null ? mode : { ...mode, cellRows: Math.min(mode.cellRows ?? limit, limit) };
}

/** The protocol as the mode uses it. */
export function underMode(protocol: Protocol, { recentFrames, upsampling }: Mode): Protocol {
  const own = { ...protocol, upsampling: upsampling ?? protocol.upsampling };
  if (recentFrames === null) return own;
  const { recent } = protocol.memory;
  const kept =
    typeof recent === "number"
      ? Math.min(recent, recentFrames)
      : recent.toSorted((a, b) => a - b).slice(0, recentFrames);
  return { ...own, memory: { ...protocol.memory, recent: kept } };
}

/**
 * Shorter side of the encoder's input for frames of this shorter side, px.
 * @param stride pixels of the input per cell.
 */
export function inputShortSide(short: number, { shortSide }: Protocol, { cellRows }: Mode, stride: number): number {
  return shortSide ?? Math.min(short, (cellRows ?? Number.POSITIVE_INFINITY) * stride);
}

/**
 * Size of the small picture beside an encoder's input, px; undefined where there is none.
 * @param stride pixels of the input per cell.
 */
export function smallSize(input: PictureSize, { smallRows }: Mode, stride: number): PictureSize | undefined {
  const short = Math.min(input.width, input.height);
  if (smallRows === null || short < LEAST_RATIO * smallRows * stride) return undefined;
  const scale = (smallRows * stride) / short;
  return { width: Math.round(input.width * scale), height: Math.round(input.height * scale) };
}
