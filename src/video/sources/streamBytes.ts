/**
 * @file What comes through a pipe, by its first bytes: a video stream, or something else that is named before a decoder
 * makes pictures of it (FFmpeg draws text as a terminal would). Signatures: PNG (ISO/IEC 15948), JPEG (ITU-T T.81), and
 * the magic numbers of the other formats.
 */
import { UserError } from "../../core/errors.ts";

/** Something that is no video. */
export interface OtherBytes {
  /** In words, such as `a PNG picture`. */
  readonly what: string;
  /** The beginning of a picture of a kind that streams are made of too: it is a video if a second one follows. */
  readonly mark?: Uint8Array;
}

/** Bytes that the kind is told by. */
const HEAD = 512;

/** A picture that is larger than this, bytes, is left to the decoder. */
const MOST_HELD = 1 << 26;

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff);

const KINDS: readonly (readonly [at: number, bytes: string | Uint8Array, kind: OtherBytes])[] = [
  [0, PNG, { what: "a PNG picture", mark: PNG }],
  [0, JPEG, { what: "a JPEG picture", mark: JPEG }],
  [0, "%PDF", { what: "a PDF document" }],
  [0, "PK\u0003\u0004", { what: "a ZIP archive" }],
  [0, Uint8Array.of(0x1f, 0x8b), { what: "gzip data" }],
  [8, "WAVE", { what: "sound (WAV)" }],
  [8, "WEBP", { what: "a WebP picture" }],
  [0, "ID3", { what: "sound (MP3)" }],
  [0, "fLaC", { what: "sound (FLAC)" }],
];

/** Streams that begin with text: YUV4MPEG2, and the portable pixmaps. */
const TEXT_HEADS = /^(?:YUV4MPEG2 |P[4-7]\s)/u;

/**
 * What the bytes are if they are no video; undefined where they may be one.
 * @param head the first bytes, all of them where there are fewer than 512
 */
export function otherThanVideo(head: Uint8Array): OtherBytes | undefined {
  if (head.length === 0) return { what: "nothing" };
  const known = KINDS.find(([at, bytes]) => startsWith(head.subarray(at), bytes));
  if (known !== undefined) return known[2];
  const text = textOf(head);
  if (text === undefined || TEXT_HEADS.test(text)) return undefined;
  return {
    what: `text that begins with ${JSON.stringify(
      text
        .trimStart()
        .split(/[\r\n]/u, 1)[0]
        .slice(0, 40),
    )}`,
  };
}

function startsWith(head: Uint8Array, bytes: string | Uint8Array): boolean {
  const wanted = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return head.length >= wanted.length && wanted.every((byte, i) => head[i] === byte);
}

/** The bytes as text; undefined where they hold controls that texts do not have, or are no UTF-8. */
function textOf(head: Uint8Array): string | undefined {
  try {
    // The last character may be cut off: `stream` lets it.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    // oxlint-disable-next-line no-control-regex
    return /[\u0000-\u0008\u000E-\u001A\u001C-\u001F\u007F]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * The bytes unchanged, from the moment on that they may be a video.
 * @param name of the stream in messages
 * @throws UserError `video/not-video`
 */
export async function* videoBytes(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  let held: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of bytes) {
    if (held === undefined) {
      yield chunk;
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < HEAD) continue;
    const other = otherThanVideo(held.subarray(0, HEAD));
    if (other !== undefined && other.mark === undefined) throw notVideo(name, other);
    if (isAlone(other, held)) continue;
    yield held;
    held = undefined;
  }
  if (held === undefined) return;
  const other = otherThanVideo(held.subarray(0, HEAD));
  if (other !== undefined && isAlone(other, held)) throw notVideo(name, other);
  yield held;
}

/** Whether there is only the one picture so far. */
function isAlone(other: OtherBytes | undefined, held: Uint8Array): boolean {
  if (other === undefined || held.length > MOST_HELD) return false;
  return other.mark === undefined || Buffer.from(held.buffer, held.byteOffset, held.length).indexOf(other.mark, 1) < 0;
}

function notVideo(name: string, { what }: OtherBytes): UserError {
  return new UserError("video/not-video", {
    what: `${name} is no video`,
    got: what,
    expected: "a video in a container that can be read as it arrives (mpegts, matroska)",
    todo:
      what === "nothing"
        ? "look at the messages of the program that writes to the pipe"
        : "give the stream itself; files are named by their path",
  });
}
