/** @file The public API, curated by hand. The tensor library has an entry of its own: `tsumugi/tensor`. */
export type { Annotations, AnnotationStream } from "./annotations/annotations.ts";
export type { BoxAnnotation } from "./annotations/box.ts";
export { type AnnotationProblem, problemsIn } from "./annotations/check.ts";
export type { FrameAnnotation } from "./annotations/frameAnnotation.ts";
export type { MaskAnnotation, MaskVerdict } from "./annotations/mask.ts";
export type { AnnotatedObject, ObjectReference } from "./annotations/object.ts";
export type { FrameSize, NamedPoint, PointAnnotation } from "./annotations/point.ts";
export type { PolygonAnnotation } from "./annotations/polygon.ts";
export type { TrackRecord, TrackSpeed } from "./annotations/trackRecord.ts";
export type { TrackState } from "./annotations/trackState.ts";
export type { Bone } from "./annotations/skeleton.ts";
export { type Estimate, isVisible, type Verdict } from "./annotations/verdict.ts";
export {
  type ErrorCode,
  type ErrorEntry,
  type ErrorText,
  type ErrorTexts,
  errorCatalogue,
  type HttpStatus,
} from "./core/errorCatalogue.ts";
export { Interrupted, UserError, type UserErrorParts } from "./core/errors.ts";
export { type Logger, silent } from "./core/log.ts";
export type { Machine } from "./core/machine.ts";
export { type AblationOptions, type AblationResult, runAblation } from "./evaluation/ablation/ablation.ts";
export { ablationRows } from "./evaluation/ablation/rows.ts";
export { type CycleOptions, type CycleScore, cycleScore } from "./evaluation/benchmarks/cycle.ts";
export { type DavisScore, type SequenceScore, sequenceScorer } from "./metrics/davis.ts";
export {
  copyFirstMask,
  type DavisBenchmark,
  evaluateDavis,
  type MaskMethod,
  scoreDavis,
} from "./evaluation/benchmarks/davisBenchmark.ts";
export { scoreDavisFolders } from "./evaluation/benchmarks/davisFolders.ts";
export { motSequence, type MotClipOptions, type MotOverlap, type MotSide } from "./evaluation/benchmarks/motClip.ts";
export { ConfusionMatrix, type IouScore } from "./metrics/meanIou.ts";
export { motScore, type MotScore, motSums, type MotSums } from "./metrics/mot/score.ts";
export type { MotFrame, MotSequence } from "./metrics/mot/sequence.ts";
export { type JointClip, pckScore, type PckScore } from "./metrics/pck.ts";
export { rankCorrelation, type Reliability, reliability } from "./metrics/reliability.ts";
export { meanTapVidScore, tapVidScore, type TapVidScore, type TapVidTrack } from "./metrics/tapVid.ts";
export { trackedMasks } from "./evaluation/benchmarks/trackedMasks.ts";
export {
  type Check,
  type CheckedClip,
  type CheckedReading,
  checkSchema,
  type UnreadableClip,
} from "./footage/checkFile.ts";
export { checkFootage, type CheckOptions, type CheckOutcome } from "./footage/checkFootage.ts";
export { inPixels } from "./annotations/inPixels.ts";
export { outlineOf } from "./annotations/outline.ts";
export { filled, type Region, regionOf } from "./annotations/region.ts";
export { type DescribedFormat, describedFormats } from "./formats/described.ts";
export type { AnnotationFormat, WriteOptions } from "./formats/format.ts";
export type { ReadOptions } from "./formats/json.ts";
export { type Holdings, Losses } from "./formats/losses.ts";
export { pointsCsv } from "./formats/pointsCsv.ts";
export { formatNamed, formatOf, formats, readAnnotations, readPointLabels } from "./formats/registry.ts";
export { TrackTable } from "./formats/trackTable.ts";
export { inspectClip } from "./inspection/inspectClip.ts";
export { clickableFrame } from "./clicks/clickableFrame.ts";
export { type Click, ClickedFrame } from "./clicks/clickedFrame.ts";
export { discoverThings, type Discovery, type DiscoveryOptions } from "./discovery/discoverThings.ts";
export { type NumberedThing, thingMask } from "./discovery/thingMasks.ts";
export { type EncoderVariant, encoderVariants, type VariantName } from "./method/encoder.ts";
export { ENSEMBLE_VIEWS, type EnsembleView, openEnsemble } from "./method/encoderEnsemble.ts";
export { type EncoderOptions, openEncoder } from "./method/node/openEncoder.ts";
export { openEncoderThread } from "./method/node/encoderThread.ts";
export { type EncoderWeights, untrainedWeights } from "./method/encoderWeights.ts";
export { DEFAULT_WEIGHTS, readEncoderWeights } from "./method/node/weightsFile.ts";
export type { FeatureExtractor, FeatureMap, Precision } from "./method/features.ts";
export { type SampledClusters, sampleClusters, samplerDefaults } from "./method/multiClusterSampler.ts";
export { CutDetector, type CutVerdict } from "./motion/cutDetector.ts";
export { type MotionEstimator, type MotionMap, openMotionEstimator } from "./motion/motionEstimator.ts";
export { motionImage } from "./motion/motionImage.ts";
export type { FaultEvent, FaultRow } from "./monitor/faultEvent.ts";
export type { CameraFault } from "./monitor/faults.ts";
export { Monitor, type MonitorState } from "./monitor/monitor.ts";
export { type Clock, monitorLive, type MonitorLiveOptions } from "./monitor/monitorLive.ts";
export { monitorFootage, type MonitorFootageOptions, type MonitorOutcome } from "./monitor/monitorFootage.ts";
export { destinationAt } from "./outbox/address.ts";
export type { Destination } from "./outbox/destination.ts";
export { Outbox, type OutboxOptions, runId } from "./outbox/outbox.ts";
export { type PastedClipOptions, type PastedFrame, renderPastedClip } from "./synthetic/pastedClip.ts";
export { initSite, type InitSiteOptions, type InitSiteResult } from "./site/initSite.ts";
export { planSite, type PlanSiteOptions, type PlanSiteResult } from "./site/plan/planSite.ts";
export { reportSite, type ReportSiteOptions, type ReportSiteResult } from "./site/report/reportSite.ts";
export type { SiteReport } from "./site/report/reportData.ts";
export type { Site } from "./site/siteFile.ts";
export { SiteFolder } from "./site/siteFolder.ts";
export { type BusyLine, busyLine, type BusyLineOptions, type BusyPart, type PlacedPart } from "./synthetic/busyLine.ts";
export { type LabelledFrame, type ProductionLineOptions, renderProductionLine } from "./synthetic/productionLine.ts";
export type { PartKind } from "./synthetic/scene.ts";
export type { ObjectSignals } from "./tracking/confidence/objectSignals.ts";
export type { TrackedObject } from "./tracking/objects.ts";
export { DirectMatching } from "./tracking/points/directMatching.ts";
export type { PointFollower } from "./tracking/points/pointFollower.ts";
export type { PointQuery, TrackedPoint } from "./tracking/points/trackedPoint.ts";
export { type PointTrackingOptions, trackPoints } from "./tracking/points/trackPoints.ts";
export { tasks } from "./tasks/index.ts";
export { type Task, type TaskContext, taskJsonSchema } from "./tasks/task.ts";
export { type PointSummary, trackPointsClip, type TrackPointsClipOptions } from "./tasks/track/trackPointsClip.ts";
export { type Mode, type ModeName, modes, resolveMode } from "./tracking/modes.ts";
export type { ArrivalWish } from "./tracking/arrivals/arrivalOptions.ts";
export { propagateMasks, type PropagationOptions, type TrackedFrame } from "./tracking/propagation.ts";
export type { SessionFrame } from "./tracking/session/execution.ts";
export type { FrameRecord } from "./tracking/session/journal.ts";
export type { FrameLabels } from "./tracking/session/keyFrame.ts";
export type { Direction, TrackRange } from "./tracking/session/plan.ts";
export { Tracker, type TrackerOptions, type TrackerProgress, type TrackerState } from "./tracking/session/tracker.ts";
export { presets, type Protocol, type ProtocolOverrides, resolveProtocol } from "./tracking/protocols.ts";
export { OverlayPainter } from "./results/overlayPainter.ts";
export { Recorder, type RecorderOptions } from "./results/recorder.ts";
export { type ObjectTotals, Totals } from "./results/objectTotals.ts";
export { TrackFiles, type TrackTableOptions } from "./results/trackFiles.ts";
export type { TrackSummary } from "./results/summary.ts";
export { trackClip, type TrackClipOptions, type TrackResult } from "./tasks/track/trackClip.ts";
export { type LiveResult, trackLive, type TrackLiveOptions } from "./tasks/track/trackLive.ts";
export type { HeardFrame } from "./sound/frameCurves.ts";
export { type Heard, type Hearing, listen, type SoundKind } from "./sound/listen.ts";
export { type TrainingConfig, type TrainingConfigInput, trainingConfig } from "./training/config.ts";
export { resumeTraining, startTraining, type TrainOptions, type TrainResult } from "./training/trainer.ts";
export { openDepthFolder } from "./video/depth/depthFolder.ts";
export type { DepthMap, DepthSource } from "./video/depth/depthMap.ts";
export type { Frame, FrameRange, FrameSource } from "./video/frame.ts";
export { frameList } from "./video/frameList.ts";
export { type FrameSourceOptions, openFrameSource } from "./video/frameSource.ts";
export { labToRgb, rgbToLab } from "./video/lab.ts";
export { type LiveFrames, type LiveInput, openLiveFrames } from "./video/sources/liveSource.ts";
export { type LabelMap, VOID } from "./video/labelMap.ts";
export { type LabelMaskOptions, readLabelMask } from "./video/masks/labelMask.ts";
export { ColourIds } from "./video/masks/maskKinds.ts";
export { davisPalette } from "./video/masks/maskBytes.ts";
export { readMaskPng, writeMaskPng } from "./video/masks/maskPng.ts";
export type { Point } from "./video/point.ts";
export { LabelPlaces } from "./video/drawing/labelPlaces.ts";
export { type DrawnTrack, drawPoints, drawTracks } from "./video/drawing/trackOverlay.ts";
export { drawOverlay, type OverlayOptions } from "./video/drawing/overlay.ts";
export type { RgbPicture } from "./video/picture.ts";
export { readSound, type SoundOptions } from "./video/sound/readSound.ts";
export { openVideoWriter, type VideoWriter } from "./video/writing/writer.ts";
export type { EventKind, Moment, WatchEvent } from "./watch/event.ts";
export type { Sighting, WatchedFrame } from "./watch/sighting.ts";
export { hearFile, type HeardFrames } from "./watch/hearing.ts";
export { listenClip, type ListenOptions, type ListenOutcome } from "./watch/listenClip.ts";
export { Watcher, type WatcherState } from "./watch/watcher.ts";
export { type WatchOptions, type WatchOutcome, watchTracks } from "./watch/watchTracks.ts";
export { parseZones, readZones, type Zones, type ZonesInput } from "./watch/zones.ts";
export { readSafetensors, writeSafetensors } from "./weights/safetensors.ts";
