/** @file The keys of an evaluate task, benchmark by benchmark. */
import { z } from "zod";
import { modeKey, maskKeys, protocolKeys } from "../settings/protocol.ts";
import { encoderKeys, weightsKey } from "../settings/encoder.ts";
import { jsonKey, voidKey } from "../settings/scores.ts";
import { pointMethodKey } from "../settings/pointMethod.ts";
import { taskObject, taskUnion } from "../task.ts";

const data = z.string().describe("The folder of the data.");
const out = z.string().describe("Folder of the results; complete sequences of the same settings are kept.");
const split = z.string().describe("The sequences: a file with a name a line.");

const maskShape = { data, out, json: jsonKey, ...encoderKeys, ...protocolKeys, ...maskKeys };
const pointShape = {
  data,
  out,
  split: split.exactOptional().describe("Only these sequences: a file with a name a line. Default: all with joints."),
  ...encoderKeys,
  ...protocolKeys,
  mode: modeKey,
  method: pointMethodKey,
};
const ownSplit = split
  .exactOptional()
  .describe("The sequences: a file with a name a line. Default: the data's dev.txt.");

/** Of benchmarks of any set laid out as DAVIS. */
const davisShape = {
  ...maskShape,
  split,
  resolution: z.string().default("480p").describe("The resolution's folder in JPEGImages and in the annotations."),
  annotations: z.string().default("Annotations").describe("The folder of the annotations."),
  void: voidKey,
};

const davisSchema = taskObject("evaluate", {
  benchmark: z.literal("davis").describe("J and F of DAVIS 2016 or 2017, or of any set laid out like them."),
  ...davisShape,
});
const driftSchema = taskObject("evaluate", {
  benchmark: z.literal("drift").describe("How much J is lost because masks are fed back, on a set laid out as DAVIS."),
  ...davisShape,
});
const cdnetSchema = taskObject("evaluate", {
  benchmark: z.literal("cdnet").describe("J and F of the highway sequences of CDnet."),
  ...maskShape,
  split: ownSplit,
});
const camvidSchema = taskObject("evaluate", {
  benchmark: z.literal("camvid").describe("Mean IoU of the semantic labels of CamVid."),
  ...maskShape,
  split: ownSplit,
});
const jhmdbSchema = taskObject("evaluate", {
  benchmark: z.literal("jhmdb").describe("PCK of the 15 joints of JHMDB."),
  ...pointShape,
  json: jsonKey,
});
const badjaSchema = taskObject("evaluate", {
  benchmark: z.literal("badja").describe("PCK and TAP-Vid scores of the joints of BADJA."),
  ...pointShape,
  json: jsonKey,
});
const confidenceSchema = taskObject("evaluate", {
  benchmark: z.literal("confidence").describe("How well the confidence separates right from wrong."),
  ...pointShape,
  points: z.boolean().default(false).describe("The joints of JHMDB instead of the masks of DAVIS and CDnet."),
});
const absenceSchema = taskObject("evaluate", {
  benchmark: z
    .literal("absence")
    .describe("What the tracker says of things that are out of sight, and whether it takes others for them."),
  data,
  out,
  split: ownSplit,
  ...encoderKeys,
  ...protocolKeys,
  mode: modeKey,
});
const cycleSchema = taskObject("evaluate", {
  benchmark: z.literal("cycle").describe("How well a score without labels ranks settings."),
  data,
  out,
  split,
  ...encoderKeys,
  mode: modeKey.describe("How much exactness is traded for speed. Default: exact, which keeps to a radius."),
  resolution: z.string().default("480p").describe("The resolution's folder."),
  frames: z.int().min(4).default(25).describe("Frames of each sequence."),
  shortSide: z.int().min(16).max(8192).default(240).describe("Shorter side of the encoder's input, px."),
  grid: z.boolean().default(false).describe("Also carry a grid of squares instead of the labels."),
});
const madeSchema = taskObject("evaluate", {
  benchmark: z.literal("made").describe("J on clips with exact truth that are made of footage without labels."),
  footage: z.array(z.string()).min(1, "no footage").describe("Videos, image folders, or folders of both."),
  out,
  clips: z.int().min(1).max(1000).default(40).describe("Clips to make."),
  frames: z.int().min(10).max(1000).default(60).describe("Frames of each clip; no more than its footage has."),
  ...encoderKeys,
  ...protocolKeys,
  ...maskKeys,
});
const cutsSchema = taskObject("evaluate", {
  benchmark: z.literal("cuts").describe("False alarms and misses of the cut detector."),
  footage: z
    .array(z.string())
    .min(1, "no footage")
    .describe("Videos, image folders, or folders of both: clips of one shot."),
  frames: z.int().min(2).default(100).describe("At most so many frames of each clip."),
});

const degradedSchema = taskObject("evaluate", {
  benchmark: z.literal("degraded").describe("J&F lost when footage is made worse in steps."),
  data,
  split,
  out,
  resolution: davisShape.resolution,
  annotations: davisShape.annotations,
  frames: z.int().min(3).default(25).describe("Only so many frames of a sequence, the first ones."),
  ...encoderKeys,
  ...protocolKeys,
  ...maskKeys,
});
const measuresSchema = taskObject("evaluate", {
  benchmark: z.literal("measures").describe("Whether every fault moves its own number of the footage check."),
  footage: z.array(z.string()).min(1, "no footage").describe("Videos, image folders, or folders of both."),
  out,
  frames: z.int().min(12).default(24).describe("Only so many frames of a clip, the first ones."),
});

const discoverSchema = taskObject("evaluate", {
  benchmark: z
    .literal("discover")
    .describe("J and F of the thing that is found without labels, on a set laid out as DAVIS."),
  data,
  split,
  out: z.string().describe("Folder of the results; a sequence that was stopped is resumed."),
  resolution: davisShape.resolution,
  annotations: davisShape.annotations,
  json: jsonKey,
  weights: weightsKey,
  ...protocolKeys,
  ...maskKeys,
});

const linesSchema = taskObject("evaluate", {
  benchmark: z
    .literal("lines")
    .describe(
      "HOTA, IDF1 and errors of counting on rendered lines on which parts keep coming, from one labelled part.",
    ),
  out: z.string().describe("Folder of the results; complete lines of the same settings are kept."),
  seeds: z.int().min(1).max(1000).default(10).describe("Lines, with seeds from 1 on; the kinds of parts take turns."),
  parts: z.int().min(1).max(254).default(50).describe("Parts on each line."),
  json: jsonKey,
  ...encoderKeys,
  ...protocolKeys,
  mode: modeKey,
});

const monitorSchema = taskObject("evaluate", {
  benchmark: z.literal("monitor").describe("Faults of a camera that are found, and alarms without one."),
  footage: z.array(z.string()).default([]).describe("Clips without faults of cameras that stand still."),
  out: z.string().describe("Folder of the results; clips that are done with the same settings are kept."),
  rendered: z.int().min(0).max(100).default(1).describe("Rendered lines beside the clips."),
  seeds: z.int().min(1).max(1000).default(1).describe("How often each fault is put into each clip."),
  firstSeed: z.int().min(1).max(100_000).default(1).describe("The first of the seeds."),
  minutes: z.number().gt(0).default(2).describe("Of footage without a fault, of each clip."),
  rows: z.int().min(96).max(1080).default(240).describe("Shorter side of the pictures, pixels."),
  json: jsonKey,
});

const soundSchema = taskObject("evaluate", {
  benchmark: z.literal("sound").describe("F1 of impacts, alarms and silences heard in rendered clips of a machine."),
  out: z.string().describe("Folder of the clips and the results; complete clips of the same settings are kept."),
  seeds: z.int().min(1).max(1000).default(10).describe("Clips at each loudness, with seeds from 1 on."),
  loudness: z
    .array(z.number().min(-40).max(40))
    .min(1)
    .default([6, 0, -6])
    .describe("How much louder a blow's first 30 ms are than the machine and the noise, dB."),
  json: jsonKey,
});

const adaptationSchema = taskObject("evaluate", {
  benchmark: z
    .literal("adaptation")
    .describe("What learning on a site is worth, and what it forgets, on rendered clips."),
  out: z.string().describe("Folder of the numbers; trials and the stream that are done are kept."),
  minutes: z.number().gt(0).default(1).describe("For each time it learns: learning and comparing."),
  trials: z.int().min(0).max(1000).default(2).describe("Adaptations to one look each; every look in turn."),
  stream: z.boolean().default(true).describe("Also a site that meets one look after another."),
  seed: z.int().min(0).max(10_000).default(1).describe("Of all that is rendered and drawn."),
  config: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Keys of the training configuration (docs/training.md) that are not as usual."),
});

const clicksSchema = taskObject("evaluate", {
  benchmark: z
    .literal("clicks")
    .describe("IoU of regions that grow from clicks, after each click, on a set laid out as DAVIS."),
  data,
  split,
  resolution: davisShape.resolution,
  annotations: davisShape.annotations,
  clicks: z.int().min(1).max(20).default(3).describe("Clicks in each object: the first, then corrections."),
  json: jsonKey,
  weights: weightsKey,
});

export type MaskBenchmarkSettings = z.output<
  typeof davisSchema | typeof driftSchema | typeof cdnetSchema | typeof camvidSchema
>;
export type PointBenchmarkSettings = z.output<typeof jhmdbSchema | typeof badjaSchema>;
export type ConfidenceSettings = z.output<typeof confidenceSchema>;
export type AbsenceSettings = z.output<typeof absenceSchema>;
export type CycleSettings = z.output<typeof cycleSchema>;
export type MadeSettings = z.output<typeof madeSchema>;
export type CutsSettings = z.output<typeof cutsSchema>;
export type DegradedSettings = z.output<typeof degradedSchema>;
export type MeasuresSettings = z.output<typeof measuresSchema>;
export type LinesSettings = z.output<typeof linesSchema>;
export type MonitorBenchmarkSettings = z.output<typeof monitorSchema>;
export type SoundSettings = z.output<typeof soundSchema>;
export type AdaptationSettings = z.output<typeof adaptationSchema>;
export type ClicksSettings = z.output<typeof clicksSchema>;
export type DiscoverBenchmarkSettings = z.output<typeof discoverSchema>;

export const evaluateSchema = taskUnion("benchmark", [
  davisSchema,
  driftSchema,
  cdnetSchema,
  camvidSchema,
  jhmdbSchema,
  badjaSchema,
  confidenceSchema,
  absenceSchema,
  cycleSchema,
  madeSchema,
  cutsSchema,
  degradedSchema,
  measuresSchema,
  discoverSchema,
  linesSchema,
  monitorSchema,
  soundSchema,
  adaptationSchema,
  clicksSchema,
]);
