/** @file The thread side of `ClickThread`: an encoder, and the frames that were clicked last. */
import { clickableFrame } from "../../clicks/clickableFrame.ts";
import type { ClickedFrame } from "../../clicks/clickedFrame.ts";
import { serveCalls } from "../../core/workerCalls.ts";
import type { EncoderSession } from "../../method/encoderSession.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import type { ClipKey } from "../clips/frameThread.ts";
import { OpenClips } from "../clips/openClips.ts";
import type { RegionRequest, RegionRuns } from "./clickThread.ts";
import { runsOf } from "./runs.ts";

/** Frames that stay ready: each holds its picture and its cells. */
const MOST_READY = 8;

const clips = new OpenClips(2);
/** The latest used last. */
const ready = new Map<string, ClickedFrame>();
let encoder: EncoderSession | undefined;

async function frameOf({ clip, frame }: RegionRequest): Promise<ClickedFrame> {
  const key = `${clip.version} ${frame}`;
  const made = ready.get(key) ?? (await prepared(clip, frame));
  ready.delete(key);
  ready.set(key, made);
  for (const oldest of ready.keys()) {
    if (ready.size <= MOST_READY) break;
    ready.delete(oldest);
  }
  return made;
}

async function prepared(clip: ClipKey, frame: number): Promise<ClickedFrame> {
  encoder ??= await openEncoder();
  return clickableFrame(await (await clips.source(clip)).frame(frame), encoder);
}

async function region(request: RegionRequest): Promise<RegionRuns> {
  const { width, height, data } = (await frameOf(request)).region(request.clicks);
  return { width, height, runs: runsOf(data) };
}

serveCalls({ region });
