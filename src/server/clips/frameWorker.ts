/** @file The thread side of `FrameThread`: clips that stay open, their frames as encoded pictures. */
import sharp, { type Sharp } from "sharp";
import { moved, serveCalls } from "../../core/workerCalls.ts";
import type { ClipKey, FrameRequest, Probe } from "./frameThread.ts";
import { OpenClips } from "./openClips.ts";

const clips = new OpenClips(6);

async function probe(clip: ClipKey): Promise<Probe> {
  const { width, height, frameCount, timesSec } = await clips.source(clip);
  return { width, height, frameCount, timesSec: Float64Array.from(timesSec) };
}

async function names(clip: ClipKey): Promise<readonly string[]> {
  return (await clips.source(clip)).names;
}

async function picture({ clip, index, format, shortSide }: FrameRequest): Promise<unknown> {
  const source = await clips.source(clip);
  const { data, width, height } = await source.frame(index);
  let image = sharp(data, { raw: { width, height, channels: 3 } });
  if (shortSide !== undefined && shortSide < Math.min(width, height))
    image = width < height ? image.resize({ width: shortSide }) : image.resize({ height: shortSide });
  const bytes = await encoded(image, format).toBuffer();
  const own = new Uint8Array(bytes);
  return moved(own, [own.buffer]);
}

function encoded(image: Sharp, format: FrameRequest["format"]): Sharp {
  if (format === "png") return image.png({ compressionLevel: 3 });
  if (format === "webp") return image.webp({ quality: 85, effort: 1 });
  return image.jpeg({ quality: 90, chromaSubsampling: "4:4:4" });
}

serveCalls({ probe, names, picture });
