/** @file The thread side of `ClickThread`: an encoder, and the frames that were clicked last. */
import { encodedForClicks } from "../../clicks/clickableFrame.ts";
import { ClickedFrame } from "../../clicks/clickedFrame.ts";
import { serveCalls } from "../../core/workerCalls.ts";
import { type FoundThere, lookBack } from "../../inspection/lookBack.ts";
import type { EncoderSession } from "../../method/encoderSession.ts";
import type { FeatureMap } from "../../method/features.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import type { ClipKey } from "../clips/frameThread.ts";
import { OpenClips } from "../clips/openClips.ts";
import type { LookRequest, RegionRequest, RegionRuns } from "./clickThread.ts";
import { LatestUsed } from "./latestUsed.ts";
import { runsOf } from "./runs.ts";

const clips = new OpenClips(2);
/** 7 MB each at 480p; a pixel looks at eight frames. */
const features = new LatestUsed<FeatureMap>(20);
/** Each holds its picture and its cells. */
const clicked = new LatestUsed<ClickedFrame>(8);
let encoder: EncoderSession | undefined;

const keyOf = ({ version }: ClipKey, frame: number): string => `${version} ${frame}`;
const pictureOf = async (clip: ClipKey, frame: number) => (await clips.source(clip)).frame(frame);

function featuresOf(clip: ClipKey, frame: number): Promise<FeatureMap> {
  return features.get(keyOf(clip, frame), async () => {
    encoder ??= await openEncoder();
    return encodedForClicks(await pictureOf(clip, frame), encoder);
  });
}

async function region({ clip, frame, clicks }: RegionRequest): Promise<RegionRuns> {
  const ready = await clicked.get(
    keyOf(clip, frame),
    async () => new ClickedFrame(await pictureOf(clip, frame), await featuresOf(clip, frame)),
  );
  const { width, height, data } = ready.region(clicks);
  return { width, height, runs: runsOf(data) };
}

async function look({ clip, frame, from, place }: LookRequest): Promise<FoundThere[]> {
  const { width, height } = await clips.source(clip);
  const pixel = { frame, from, place, size: { width, height } };
  return lookBack(pixel, resolveProtocol("default"), (index) => featuresOf(clip, index));
}

serveCalls({ region, look });
