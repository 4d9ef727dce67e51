/** @file The thread side of `ClickThread`: an encoder, and the frames that were clicked last. */
import { encodedForClicks } from "../../clicks/clickableFrame.ts";
import { ClickedFrame } from "../../clicks/clickedFrame.ts";
import { Turns } from "../../core/turns.ts";
import { serveCalls } from "../../core/workerCalls.ts";
import { ClipLayers } from "../../inspection/clipLayers.ts";
import { type LayerName, LAYERS } from "../../inspection/layerNames.ts";
import { type FoundThere, lookBack } from "../../inspection/lookBack.ts";
import type { EncoderSession } from "../../method/encoderSession.ts";
import type { FeatureMap } from "../../method/features.ts";
import { openEncoder } from "../../method/node/openEncoder.ts";
import { DEFAULT_WEIGHTS, readEncoderWeights } from "../../method/node/weightsFile.ts";
import { resolveProtocol } from "../../tracking/protocols.ts";
import type { FrameSource } from "../../video/frame.ts";
import { encodeJpeg } from "../../video/writing/jpeg.ts";
import type { ClipKey } from "../clips/frameThread.ts";
import { OpenClips } from "../clips/openClips.ts";
import type { LayerRequest, LookRequest, RegionRequest, RegionRuns } from "./clickThread.ts";
import { LatestUsed } from "./latestUsed.ts";
import { runsOf } from "./runs.ts";

const clips = new OpenClips(2);
/** 7 MB each at 480p; a pixel looks at eight frames. */
const features = new LatestUsed<FeatureMap>(20);
/** Each holds its picture and its cells. */
const clicked = new LatestUsed<ClickedFrame>(8);
/** Pictures of all layers, about 100 kB each at 480p. */
const drawn = new LatestUsed<ReadonlyMap<LayerName, Uint8Array>>(60);
let encoder: EncoderSession | undefined;
/** Of the clip whose frames were drawn last. */
let layers: { readonly source: FrameSource; readonly of: ClipLayers } | undefined;
/** Layers are drawn one frame at a time: motion goes by the order of the frames. */
const turns = new Turns();

const keyOf = ({ version }: ClipKey, frame: number): string => `${version} ${frame}`;
const openedEncoder = async (): Promise<EncoderSession> => (encoder ??= await openEncoder());
const pictureOf = async (clip: ClipKey, frame: number) => (await clips.source(clip)).frame(frame);

function featuresOf(clip: ClipKey, frame: number): Promise<FeatureMap> {
  return features.get(keyOf(clip, frame), async () => {
    return encodedForClicks(await pictureOf(clip, frame), await openedEncoder());
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

async function layersOf(clip: ClipKey): Promise<ClipLayers> {
  const source = await clips.source(clip);
  if (layers?.source === source) return layers.of;
  await layers?.of[Symbol.asyncDispose]();
  layers = undefined;
  const weights = await readEncoderWeights(DEFAULT_WEIGHTS);
  const protocol = resolveProtocol("default");
  const opened = await ClipLayers.open({ source, encoder: await openedEncoder(), weights, protocol });
  layers = { source, of: opened };
  return opened;
}

async function draw(clip: ClipKey, frame: number): Promise<ReadonlyMap<LayerName, Uint8Array>> {
  const views = await (await layersOf(clip)).views(frame);
  return new Map(await Promise.all(LAYERS.map(async (name) => [name, await encodeJpeg(views[name])] as const)));
}

async function layer({ clip, frame, layer: name }: LayerRequest): Promise<Uint8Array> {
  const all = await turns.take(() => drawn.get(keyOf(clip, frame), () => draw(clip, frame)));
  return all.get(name) as Uint8Array;
}

serveCalls({ region, look, layer });
