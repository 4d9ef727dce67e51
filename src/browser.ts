/**
 * @file The public API for pages, `tsumugi/browser`: encode frames with onnxruntime-web, compare them, track masks
 * through clips. Nothing here needs Node; docs/browser.md says what a page has to serve.
 */
import { type EncoderWeights, encoderWeightsOf } from "./method/encoderWeights.ts";
import { inMemory } from "./weights/bytes.ts";
import { parseSafetensors } from "./weights/safetensorsFormat.ts";

export { UserError, type UserErrorParts } from "./core/errors.ts";
export { serveKernelsFrom } from "./kernels/host/index.ts";
export { loadKernel, loadKernels } from "./kernels/kernelInstance.ts";
export {
  type MatchEntry,
  Matcher,
  type MatcherOptions,
  type MatchSettings,
  type MatchWindow,
  type Pruning,
} from "./kernels/matcher.ts";
export { type EncoderVariant, encoderVariants, type VariantName } from "./method/encoder.ts";
export type { CueOptions } from "./method/cues.ts";
export { type EncoderSession, encoderSession } from "./method/encoderSession.ts";
export { type EncoderWeights, untrainedWeights } from "./method/encoderWeights.ts";
export type { FeatureExtractor, FeatureMap, PictureSize, Precision } from "./method/features.ts";
export type { EncoderRuntime } from "./method/frameEncoder.ts";
export { type AffinitySettings, carryLabels, frameAffinity } from "./method/frameAffinity.ts";
export type { Compile, CompiledGraph, DeviceKind } from "./tensor/graph/index.ts";
export { openWebCompiler, type WebCompilerOptions } from "./tensor/web/index.ts";
export { type Mode, type ModeName, modes, usualMode } from "./tracking/modes.ts";
export type { TrackedObject } from "./tracking/objects.ts";
export { type PropagationOptions, propagateMasks, type TrackedFrame } from "./tracking/propagation.ts";
export { type Protocol, type ProtocolOverrides, resolveProtocol } from "./tracking/protocols.ts";
export type { Frame, FrameRange, FrameSource } from "./video/frame.ts";
export type { LabelMap } from "./video/labelMap.ts";
export { rgbToLab } from "./video/lab.ts";
export { encodeMaskPng, parseMaskPng, type PngPacker } from "./video/masks/maskBytes.ts";
export type { RgbPicture } from "./video/picture.ts";
export { resizeRgb } from "./video/resize.ts";

/**
 * An encoder's weights from the bytes of a safetensors file.
 * @param name of the file, for messages.
 * @param variant the variant that the weights must be; default: as the file says, else the variant that fits.
 * @throws UserError `weights/safetensors` for a broken file; `weights/mismatch`, `weights/variant`, `weights/values`
 * for weights that do not fit
 */
export async function parseEncoderWeights(
  bytes: Uint8Array,
  { name = "the weights", variant }: { readonly name?: string; readonly variant?: string } = {},
): Promise<EncoderWeights> {
  return encoderWeightsOf(await parseSafetensors(inMemory(name, bytes)), name, variant);
}
