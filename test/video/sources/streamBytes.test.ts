/** @file What a pipe carries, told by its first bytes. */
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { otherThanVideo, videoBytes } from "../../../src/video/sources/streamBytes.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const tone = { width: 4, height: 4, channels: 3, background: "#a04020" } as const;
const png = await sharp({ create: tone }).png().toBuffer();
const jpeg = await sharp({ create: tone }).jpeg().toBuffer();
/** Begins as MPEG-TS does. */
const video = Uint8Array.from({ length: 2000 }, (_, i) => (i % 188 === 0 ? 0x47 : i % 251));

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function through(bytes: Uint8Array, size = 100): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of videoBytes(chunks(bytes, size), "stdin")) all.push(chunk);
  return Uint8Array.from(Buffer.concat(all));
}

describe("what is no video is named", () => {
  it.each([
    ["nothing", new Uint8Array(0), "nothing"],
    ["a table", bytesOf("frame,name\n0,手\n"), 'text that begins with "frame,name"'],
    ["a long text", bytesOf("word ".repeat(999)), 'text that begins with "word word word word word word word word "'],
    ["a web page", bytesOf("\n<!doctype html>\n"), 'text that begins with "<!doctype html>"'],
    ["a PNG", png, "a PNG picture"],
    ["a JPEG", jpeg, "a JPEG picture"],
    ["a PDF", bytesOf("%PDF-1.7 "), "a PDF document"],
    ["a ZIP", bytesOf("PK\u0003\u0004 "), "a ZIP archive"],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), "gzip data"],
    ["a WAV", bytesOf("RIFF\u0000\u0000\u0000\u0000WAVEfmt "), "sound (WAV)"],
  ])("%s", async (_, bytes, what) => {
    expect(otherThanVideo(bytes)?.what).toBe(what);
    await expect(through(bytes)).rejects.toMatchObject({
      code: "video/not-video",
      message: expect.stringContaining(`stdin is no video: got ${what}, expected`),
    });
  });

  it("nothing at all says where to look", async () => {
    await expect(through(new Uint8Array(0))).rejects.toThrow("look at the messages of the program that writes");
  });
});

describe("what may be a video passes unchanged", () => {
  it.each([1, 511, 512, 5000])("in chunks of %i bytes", async (size) => {
    expect(await through(video, size)).toEqual(video);
  });

  it("a stream that is shorter than what it is told by", async () => {
    const short = video.subarray(0, 20);
    expect(await through(short)).toEqual(Uint8Array.from(short));
  });

  it.each([
    ["PNG", png],
    ["JPEG", jpeg],
  ])("several %s pictures in a row are a stream, one is not", async (_, picture) => {
    const two = Buffer.concat([picture, picture]);
    expect(await through(two, 64)).toEqual(Uint8Array.from(two));
    await expect(through(picture, 64)).rejects.toMatchObject({ code: "video/not-video" });
  });

  it.each(["YUV4MPEG2 W4 H4 F25:1\nFRAME\n", "P6 2 2 255\n"])("raw video that begins with text: %j", async (head) => {
    const stream = bytesOf(`${head}${"A".repeat(600)}`);
    expect(await through(stream)).toEqual(stream);
  });
});
