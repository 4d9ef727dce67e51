/**
 * @file How labels are carried from frame to frame, as data: every choice that the research codes make at test time,
 * with their values as named presets. docs/tracking.md holds the same as a table, and says where a preset departs from
 * its code.
 */
import { z } from "zod";
import { defined } from "../core/defined.ts";
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { MAX_TOP_K } from "../kernels/matcher.ts";

const memorySchema = z.strictObject({
  /**
   * The frame with the given labels: `unrestricted` = searched over its whole area, `windowed` = within the radius like
   * every other, `none` = no special part.
   */
  first: z.enum(["unrestricted", "windowed", "none"]),
  /** Further frames kept for good, counted from the frame with the labels (0); used from the frame after them on. */
  fixed: z.array(z.int().min(0)).max(64),
  /** Recent frames: a number n = the last n, or distances back from the frame being tracked, for example [1, 3, 5]. */
  recent: z.union([z.int().min(0).max(256), z.array(z.int().min(1).max(256)).max(256)]),
  /**
   * What happens near the beginning: `pad` = a recent frame that does not exist yet is replaced by the first frame,
   * within the radius (its candidates then count several times); `keep` = left out, and the first frame may occur
   * twice, as the first and as a recent one; `once` = left out, and every frame occurs once.
   */
  start: z.enum(["pad", "keep", "once"]),
});

const radiusSchema = z.strictObject({
  /** `square`: |dx| and |dy| within the radius; `euclidean`: the distance. */
  shape: z.enum(["square", "euclidean"]),
  /** In feature cells. */
  cells: z.number().min(0).max(4096),
  /** Does a distance equal to `cells` count? */
  inclusive: z.boolean(),
});

/** What a protocol has to be. */
export const protocolSchema = z.strictObject({
  memory: memorySchema,
  radius: radiusSchema,
  /** How many of all candidates over all memory frames are kept before the softmax; null = all. */
  topK: z.int().min(1).max(MAX_TOP_K).nullable(),
  /** Similarities are divided by it before the softmax. */
  temperature: z.number().positive(),
  /** `dot` of the raw features, `scaledDot` = dot / sqrt(channels), `cosine` = dot of L2-normalised features. */
  similarity: z.enum(["cosine", "dot", "scaledDot"]),
  /**
   * `clusters`: cells copy only from their own region and those nearest to it, as the multi-cluster sampler finds them
   * in colours and places; left out: from all.
   */
  candidates: z.literal("clusters").optional(),
  /** What is carried forward: `soft` = the label weights themselves, `hard` = the full-size argmax, encoded again. */
  labels: z.enum(["soft", "hard"]),
  /** From pixels to cells: `area` = share of every object in the cell; `nearest` = the cell's first pixel. */
  labelEncoding: z.enum(["area", "nearest"]),
  /** From cells to pixels, for the mask: `bilinear`, or `guided` by the edges of the picture (joint bilateral). */
  upsampling: z.enum(["bilinear", "guided"]),
  /**
   * `judged`: the mask of an object that seems covered, out of the frame or lost is empty, and it is searched in the
   * whole frame until it is found again; points are searched near where they were seen;
   * `always`: whatever carries an object's label is its mask, as in the research codes.
   */
  visibility: z.enum(["judged", "always"]),
  /**
   * `motion`: a target model, learned on the clip from the labels given, helps to tell objects from what is not them, by
   * looks and by motion (target/); `model`: by looks alone; `none`: labels are only copied, as in the research codes.
   */
  target: z.enum(["motion", "model", "none"]),
  /**
   * `flow`: points are searched where optical flow carries them; `none`: near where they were. Only with `visibility`
   * `judged`.
   */
  pointMotion: z.enum(["flow", "none"]),
  /**
   * Shorter side of the frames given to the encoder, px; null = as the mode says (`Mode.cellRows`). Masks come out at the
   * original size.
   */
  shortSide: z.int().min(16).max(8192).nullable(),
});

/** All choices of label propagation. */
export type Protocol = z.infer<typeof protocolSchema>;

const crw: Protocol = {
  memory: { first: "unrestricted", fixed: [], recent: 20, start: "pad" },
  radius: { shape: "euclidean", cells: 12, inclusive: false },
  topK: 10,
  temperature: 0.05,
  similarity: "cosine",
  labels: "soft",
  labelEncoding: "area",
  upsampling: "bilinear",
  visibility: "always",
  target: "none",
  pointMotion: "none",
  shortSide: null,
};

const mast: Protocol = {
  memory: { first: "none", fixed: [0, 5], recent: [1, 3, 5], start: "once" },
  radius: { shape: "square", cells: 12, inclusive: true },
  topK: null,
  temperature: 1,
  similarity: "dot",
  labels: "hard",
  labelEncoding: "nearest",
  upsampling: "bilinear",
  visibility: "always",
  target: "none",
  pointMotion: "none",
  shortSide: null,
};

/** The protocols of the research codes; sources and departures in docs/tracking.md. */
export const presets = {
  /** Chosen by what each choice is worth, see docs/tracking.md. */
  default: {
    ...crw,
    memory: { first: "windowed", fixed: [], recent: [1, 2, 3, 5, 8, 13, 21], start: "once" },
    temperature: 0.03,
    upsampling: "guided",
    visibility: "judged",
    target: "motion",
    pointMotion: "flow",
  },
  crw,
  mast,
  /** MAMP without its warp of the memory by RAFT flow. */
  mamp: { ...mast, topK: 36, similarity: "scaledDot" },
  liir: { ...mast, radius: { shape: "square", cells: 14, inclusive: true }, similarity: "scaledDot" },
  vfs: { ...crw, memory: { first: "windowed", fixed: [], recent: 20, start: "keep" }, temperature: 0.07 },
  sfc: { ...crw, radius: { shape: "euclidean", cells: 15, inclusive: false }, topK: 15, temperature: 0.1 },
  dino: {
    ...crw,
    memory: { first: "windowed", fixed: [], recent: 7, start: "once" },
    radius: { shape: "square", cells: 12, inclusive: true },
    topK: 5,
    temperature: 0.1,
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof presets;

/**
 * The choices that a caller may set one by one over a preset; parts of `memory` and `radius` too. Undefined: as the
 * preset has it.
 */
export type ProtocolOverrides = {
  readonly [Key in keyof Protocol]?: Override<Protocol[Key]> | undefined;
};

type Override<Value> = Value extends object ? { readonly [Key in keyof Value]?: Value[Key] | undefined } : Value;

/**
 * A preset with single choices replaced.
 * @throws UserError `protocol/unknown` with the nearest name, `protocol/invalid` for a value out of range or a memory
 * without any frame to copy the second frame's labels from.
 */
export function resolveProtocol(name: string, overrides: ProtocolOverrides = {}): Protocol {
  if (!Object.hasOwn(presets, name)) throw unknownProtocol(name);
  const preset: Protocol = presets[name as ProtocolName];
  const memory = { ...preset.memory, ...defined(overrides.memory ?? {}) };
  const radius = { ...preset.radius, ...defined(overrides.radius ?? {}) };
  const parsed = protocolSchema.safeParse({ ...preset, ...defined(overrides), memory, radius });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError("protocol/invalid", { what: `protocol option ${issue.path.join(".")}: ${issue.message}` });
  }
  if (memoryFrames(parsed.data, 1).length === 0) {
    throw new UserError("protocol/invalid", {
      what: "the protocol's memory holds nothing for the second frame",
      expected: "the first frame or the one before among the memory frames",
      todo: "set --memory to at least 1 or keep the first frame",
    });
  }
  return parsed.data;
}

function unknownProtocol(name: string): UserError {
  const names = Object.keys(presets);
  return new UserError("protocol/unknown", {
    what: "unknown protocol",
    got: `"${name}"`,
    expected: `one of ${names.join(", ")}`,
    todo: `did you mean ${nearest(name, names)}?`,
  });
}

/** One part of the memory for a frame. */
export interface MemoryFrame {
  /** Counted from the frame with the given labels. */
  readonly frame: number;
  /** Whether the radius applies. */
  readonly windowed: boolean;
  /** How many times its candidates count. */
  readonly copies: number;
}

/**
 * What the matcher's dot products are divided by before the softmax: the temperature, and √channels where the protocol
 * says so.
 */
export function divisorOf({ temperature, similarity }: Protocol, channels: number): number {
  return temperature * (similarity === "scaledDot" ? Math.sqrt(channels) : 1);
}

/** Distances back of the recent frames, nearest first. */
export function recentDistances({ memory: { recent } }: Protocol): number[] {
  return typeof recent === "number"
    ? Array.from({ length: recent }, (_, i) => i + 1)
    : recent.toSorted((a, b) => a - b);
}

/**
 * The memory of frame t (1 or more, counted from the frame with the labels): recent frames first, since they match best
 * and so let the search of the others stop early.
 */
export function memoryFrames(protocol: Protocol, t: number): MemoryFrame[] {
  const { memory } = protocol;
  const frames: MemoryFrame[] = [];
  const add = (frame: number, windowed: boolean, copies: number): void => {
    const there = frames.findIndex((one) => one.frame === frame);
    if (there >= 0 && memory.start === "once")
      frames[there] = { frame, windowed: windowed && frames[there].windowed, copies: 1 };
    else if (copies > 0) frames.push({ frame, windowed, copies });
  };
  const distances = recentDistances(protocol);
  for (const distance of distances.filter((distance) => distance <= t)) add(t - distance, true, 1);
  if (memory.start === "pad") add(0, true, distances.filter((distance) => distance > t).length);
  for (const frame of memory.fixed.filter((frame) => frame < t)) add(frame, true, 1);
  if (memory.first !== "none") add(0, memory.first === "windowed", 1);
  return frames;
}

/** Frames (counted from the frame with the labels) that are kept to the end. */
export function lastingFrames({ memory }: Protocol): number[] {
  const first = memory.first !== "none" || memory.start === "pad" ? [0] : [];
  return [...new Set([...first, ...memory.fixed])].toSorted((a, b) => a - b);
}
