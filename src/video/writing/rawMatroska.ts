/**
 * @file The smallest Matroska stream that carries raw RGB pictures with their times (RFC 9559), for piping into ffmpeg:
 * a bare rawvideo pipe has no timestamps. Times are in microseconds; every picture has its own cluster.
 */

/** An element: ID, size as 8 bytes, content. */
function element(id: readonly number[], content: Uint8Array): Uint8Array {
  const head = Buffer.alloc(id.length + 8);
  head.set(id);
  head.writeBigUInt64BE((1n << 56n) | BigInt(content.length), id.length);
  return Buffer.concat([head, content]);
}

function number(id: readonly number[], value: number): Uint8Array {
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt(value));
  return element(id, content);
}

const text = (id: readonly number[], value: string): Uint8Array => element(id, Buffer.from(value, "latin1"));

/** The beginning of a stream. Pictures follow as `matroskaPicture`. */
export function matroskaHeader(width: number, height: number): Uint8Array {
  const video = [number([0xb0], width), number([0xba], height), text([0x2e, 0xb5, 0x24], "RGB\x18")];
  const track = [
    number([0xd7], 1), // TrackNumber
    number([0x73, 0xc5], 1), // TrackUID
    number([0x83], 1), // TrackType: video
    text([0x86], "V_UNCOMPRESSED"), // CodecID
    element([0xe0], Buffer.concat(video)),
  ];
  const info = [number([0x2a, 0xd7, 0xb1], 1000), text([0x4d, 0x80], "raw"), text([0x57, 0x41], "raw")];
  return Buffer.concat([
    element([0x1a, 0x45, 0xdf, 0xa3], Buffer.concat([text([0x42, 0x82], "matroska"), number([0x42, 0x85], 2)])),
    // Segment of unknown size: it lasts until the pipe ends.
    Buffer.from([0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    element([0x15, 0x49, 0xa9, 0x66], Buffer.concat(info)),
    element([0x16, 0x54, 0xae, 0x6b], element([0xae], Buffer.concat(track))),
  ]);
}

/**
 * One picture.
 * @param rgb `[height, width, 3]` uint8
 * @param timeMicros microseconds, >= 0
 * @param durationMicros microseconds
 */
export function matroskaPicture(rgb: Uint8Array, timeMicros: number, durationMicros: number): Uint8Array {
  // Track 1, 0 µs after the cluster's time, no flags.
  const block = element([0xa1], Buffer.concat([Buffer.from([0x81, 0, 0, 0]), rgb]));
  const group = element([0xa0], Buffer.concat([block, number([0x9b], durationMicros)]));
  return element([0x1f, 0x43, 0xb6, 0x75], Buffer.concat([number([0xe7], timeMicros), group]));
}
