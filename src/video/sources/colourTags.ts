/**
 * @file How a video's colour tags are read, the same by every backend. Pictures become RGB by the matrix and the range that the stream
 * names, and by nothing else: its transfer curve and primaries are left as they are (HLG, PQ and BT.2020 are not tone-mapped), since
 * tracking compares frames of one clip with each other. Without a matrix BT.601 is taken, as FFmpeg does.
 * Codes and names: ITU-T H.273, MatrixCoefficients.
 */
import type { Logger } from "../../core/log.ts";

/** Matrices that can be converted exactly, by their code, with ffprobe's names for them. */
const KNOWN: ReadonlyMap<number, string> = new Map([
  [0, "gbr"],
  [1, "bt709"],
  [2, "unknown"],
  [4, "fcc"],
  [5, "bt470bg"],
  [6, "smpte170m"],
  [7, "smpte240m"],
  [9, "bt2020nc"],
]);

/** BT.601's code, and ffmpeg's name for it: what stands in for a matrix that is not known. */
export const BT601 = { code: 5, name: "bt470bg" } as const;

/** The matrix to convert with. @param code MatrixCoefficients */
export function matrixFor(code: number): number {
  return KNOWN.has(code) ? code : BT601.code;
}

/** Whether a matrix can be converted exactly. @param tag its code, or ffprobe's name; undefined = the stream names none */
export function isKnownMatrix(tag: number | string | undefined): boolean {
  if (tag === undefined || tag === "reserved") return true;
  return typeof tag === "number" ? KNOWN.has(tag) : [...KNOWN.values()].includes(tag);
}

/** Says what becomes of colours whose matrix is not known. */
export function warnOfMatrix(path: string, tag: number | string | undefined, logger: Logger): void {
  if (isKnownMatrix(tag)) return;
  logger.warn(
    `${path} has colours in a coding that cannot be converted exactly (matrix ${tag}): BT.601 is taken, so hues may be off`,
  );
}
