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

/** Where colour samples lie between those of brightness, of 256 across and down, by ffprobe's names. */
const CHROMA_PLACES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  left: [0, 128],
  center: [128, 128],
  topleft: [0, 0],
  top: [128, 0],
  bottomleft: [0, 256],
  bottom: [128, 256],
};

/** How many times colour is halved across and down, by what names of pixel formats have in them. */
const HALVINGS: readonly (readonly [name: RegExp, x: number, y: number])[] = [
  [/420|^nv12|^nv21|^p01\d/u, 1, 1],
  [/422|^nv16|^p21\d/u, 1, 0],
  [/440/u, 0, 1],
  [/411/u, 2, 0],
  [/410/u, 2, 2],
];

/**
 * Where colour samples lie, as FFmpeg 8 reads it from a picture and older programs have to be told; undefined for full colour.
 * @param place ffprobe's name; without one it is the middle.
 * @returns 1/256 pixel from the first sample of brightness.
 */
export function chromaPlace(pixelFormat: string, place = "center"): { x: number; y: number } | undefined {
  const halved = HALVINGS.find(([name]) => name.test(pixelFormat));
  if (halved === undefined) return undefined;
  const [x, y] = CHROMA_PLACES[place] ?? CHROMA_PLACES["center"];
  return { x: x * (2 ** halved[1] - 1), y: y * (2 ** halved[2] - 1) };
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
