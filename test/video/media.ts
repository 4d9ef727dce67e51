/** @file Media that the tests make themselves: every frame carries its index as black and white blocks. */
import { findProgram, nodeAvFor, type VideoBackend } from "../../src/video/backends/backend.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { openVideoWriter, type VideoWriterOptions } from "../../src/video/writing/writer.ts";

/** 4 x 3 blocks: 12 bits. */
const COLUMNS = 4;
const ROWS = 3;

/** A frame whose blocks spell `index`; the block at the top left is the lowest bit. */
export function codedFrame(index: number, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3).fill(20);
  for (let y = 0; y < height; y++)
    for (let column = 0; column < COLUMNS; column++) {
      const bit = Math.floor((y * ROWS) / height) * COLUMNS + column;
      const [from, to] = [column, column + 1].map((c) => 3 * (y * width + Math.ceil((c * width) / COLUMNS)));
      if (((index >> bit) & 1) === 1) data.fill(235, from, to);
    }
  return data;
}

/** The index that a frame spells, read at the middle of its blocks. */
export function decodeIndex({ width, height, data }: RgbPicture): number {
  let index = 0;
  for (let bit = 0; bit < COLUMNS * ROWS; bit++) {
    const x = Math.floor((((bit % COLUMNS) + 0.5) * width) / COLUMNS);
    const y = Math.floor(((Math.floor(bit / COLUMNS) + 0.5) * height) / ROWS);
    if (data[3 * (y * width + x)] > 128) index |= 1 << bit;
  }
  return index;
}

export interface ClipOptions extends Partial<VideoWriterOptions> {
  readonly count: number;
}

/** Writes a clip of coded frames; 96 x 72 at 25 frames a second unless told otherwise. */
export async function writeClip(path: string, { count, ...options }: ClipOptions): Promise<string> {
  const { width = 96, height = 72, fps = 25 } = options;
  const writer = await openVideoWriter(path, { ...options, width, height, fps });
  for (let i = 0; i < count; i++) await writer.write(codedFrame(i, width, height));
  await writer.finish();
  return writer.path;
}

const hasNodeAv = (await nodeAvFor("auto")) !== undefined;
const hasFfmpeg = (await findProgram("ffmpeg")) !== undefined && (await findProgram("ffprobe")) !== undefined;

/** The backends with whether each is on this machine: tests of one that is not are skipped. */
export const backends: readonly (readonly [Exclude<VideoBackend, "auto">, boolean])[] = [
  ["node-av", hasNodeAv],
  ["ffmpeg", hasFfmpeg],
];

/** Whether any video file can be made at all. */
export const hasEncoder: boolean = hasNodeAv || hasFfmpeg;

/** Copies the video packets of an mp4 into another with a display matrix; needs node-av. */
export async function withDisplayMatrix(from: string, to: string, matrix: readonly number[]): Promise<void> {
  const av = (await nodeAvFor("node-av"))!;
  const input = new av.FormatContext();
  input.openInputSync(from);
  input.findStreamInfoSync();
  const output = new av.FormatContext();
  output.allocOutputContext2(null, "mp4", to);
  const stream = output.newStream();
  input.streams[0].codecpar.copy(stream.codecpar);
  const bytes = Buffer.alloc(36);
  matrix.forEach((v, i) => bytes.writeInt32LE(v, 4 * i));
  stream.codecpar.addCodedSideData(av.constants.AV_PKT_DATA_DISPLAYMATRIX, bytes);
  stream.timeBase = input.streams[0].timeBase;
  output.openOutputSync();
  output.writeHeaderSync();
  const packet = new av.Packet();
  packet.alloc();
  while (input.readFrameSync(packet) >= 0) {
    packet.rescaleTs(input.streams[0].timeBase, stream.timeBase);
    output.interleavedWriteFrameSync(packet);
  }
  output.writeTrailerSync();
  output.closeOutputSync();
  packet.free();
  output.freeContext();
  input.closeInputSync();
}
