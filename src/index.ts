/** @file The public API, curated by hand. The tensor library has an entry of its own: `tsumugi/tensor`. */
export { Interrupted, UserError, type UserErrorParts } from "./core/errors.ts";
export { type Logger, silent } from "./core/log.ts";
export { type AblationOptions, type AblationResult, runAblation } from "./evaluation/ablation.ts";
export { ablationRows } from "./evaluation/ablationRows.ts";
export { type DavisScore, type SequenceScore, sequenceScorer } from "./evaluation/davis.ts";
export {
  copyFirstMask,
  type DavisBenchmark,
  evaluateDavis,
  type MaskMethod,
  scoreDavis,
} from "./evaluation/davisBenchmark.ts";
export { scoreDavisFolders } from "./evaluation/davisFolders.ts";
export { ConfusionMatrix, type IouScore } from "./evaluation/meanIou.ts";
export { type JointClip, pckScore, type PckScore } from "./evaluation/pck.ts";
export { meanTapVidScore, tapVidScore, type TapVidScore, type TapVidTrack } from "./evaluation/tapVid.ts";
export { trackedMasks } from "./evaluation/trackedMasks.ts";
export { type LabelledBox, type LabelledPoint, type PointLabels, readPointLabels } from "./formats/pointLabels.ts";
export { type PointTrackFrame, writePointTracks } from "./formats/pointTracks.ts";
export { inspectClip } from "./inspection/inspectClip.ts";
export { type EncoderVariant, encoderVariants, type VariantName } from "./method/encoder.ts";
export { type EncoderOptions, openEncoder } from "./method/encoderSession.ts";
export { openEncoderThread } from "./method/encoderThread.ts";
export { DEFAULT_WEIGHTS, type EncoderWeights, readEncoderWeights, untrainedWeights } from "./method/encoderWeights.ts";
export type { FeatureExtractor, FeatureMap, Precision } from "./method/features.ts";
export { type SampledClusters, sampleClusters, samplerDefaults } from "./method/multiClusterSampler.ts";
export { type MotionEstimator, type MotionMap, openMotionEstimator } from "./motion/motionEstimator.ts";
export { motionImage } from "./motion/motionImage.ts";
export { type ProductionLineOptions, renderProductionLine } from "./synthetic/productionLine.ts";
export { DirectMatching } from "./tracking/points/directMatching.ts";
export type { PointFollower } from "./tracking/points/pointFollower.ts";
export { PointPropagation } from "./tracking/points/pointPropagation.ts";
export {
  type PointQuery,
  type PointTrackingOptions,
  type TrackedPoint,
  trackPoints,
} from "./tracking/points/trackPoints.ts";
export { type PointTracks, trackPointsClip, type TrackPointsClipOptions } from "./tracking/points/trackPointsClip.ts";
export { type Mode, type ModeName, modes, resolveMode } from "./tracking/modes.ts";
export { propagateMasks, type PropagationOptions, type TrackedFrame } from "./tracking/propagation.ts";
export { presets, type Protocol, type ProtocolOverrides, resolveProtocol } from "./tracking/protocols.ts";
export { trackClip, type TrackClipOptions, type TrackResult } from "./tracking/trackClip.ts";
export { type TrainingConfig, type TrainingConfigInput, trainingConfig } from "./training/config.ts";
export { resumeTraining, startTraining, type TrainOptions, type TrainResult } from "./training/trainer.ts";
export type { Frame, FrameRange, FrameSource } from "./video/frame.ts";
export { type FrameSourceOptions, openFrameSource } from "./video/frameSource.ts";
export { labToRgb, rgbToLab } from "./video/lab.ts";
export { type LiveFrames, type LiveInput, openLiveFrames } from "./video/liveSource.ts";
export { type LabelMap, VOID } from "./video/labelMap.ts";
export { davisPalette, readMaskPng, writeMaskPng } from "./video/maskPng.ts";
export type { Point } from "./video/point.ts";
export { drawPoints } from "./video/pointOverlay.ts";
export { drawOverlay, type OverlayOptions } from "./video/overlay.ts";
export type { RgbPicture } from "./video/picture.ts";
export { openVideoWriter, type VideoWriter } from "./video/writer.ts";
export { readSafetensors, writeSafetensors } from "./weights/safetensors.ts";
