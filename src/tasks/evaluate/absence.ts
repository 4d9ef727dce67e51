/** @file The task `evaluate` of `absence`: does the tracker know when a thing is out of sight? */
import { join, resolve } from "node:path";
import { writeChart } from "../../charts/lineChart.ts";
import { observeAbsences } from "../../evaluation/absence/absenceBenchmark.ts";
import { type AbsenceScore, absenceScore } from "../../evaluation/absence/absenceScore.ts";
import { type AbsenceKind, absentClips } from "../../evaluation/absence/absentClips.ts";
import {
  confidenceChart,
  type ConfidenceScore,
  confidenceScore,
} from "../../evaluation/confidence/confidenceReport.ts";
import type { ObjectObservation } from "../../evaluation/confidence/objectObservations.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { openChosenEncoder } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { AbsenceSettings } from "./evaluateSchema.ts";

/** Counts by what happens in the clips, and how well confidence separates right from wrong there. */
export interface AbsenceOutcome {
  readonly benchmark: "absence";
  readonly scores: Readonly<Record<string, AbsenceScore>>;
  readonly confidence: ConfidenceScore;
}

/** The kinds that ask whether a thing is there; the others ask which one it is. */
const ABSENT: readonly AbsenceKind[] = ["real cut", "cut", "leaving", "occlusion", "rendered"];
const IDENTITY: readonly AbsenceKind[] = ["look-alike", "crossing"];

/** @throws UserError those of tracking and of reading and writing files */
export async function evaluateAbsence(
  task: AbsenceSettings,
  { logger, machine, signal }: RunContext,
): Promise<AbsenceOutcome> {
  const { data, out } = task;
  const root = join(data, "segmentation/DAVIS");
  const { split = join(root, "ImageSets/480p/dev.txt") } = task;
  const sequences = await readSplit(split);
  const clips = absentClips({ root, sequences });
  const { encoder, identity } = await openChosenEncoder(task, machine);
  await using _ = encoder;
  const setup = { encoder, protocol: protocolOf(task), mode: modeOf(task), threads: machine.threads };
  const made = { ...identity, protocol: setup.protocol, mode: setup.mode, data: resolve(root) };
  const observations = await observeAbsences(clips, setup, { out, identity: made, logger, signal });
  const kindOf = new Map(clips.map(({ name, kind }) => [name, kind]));
  const of = (kinds: readonly AbsenceKind[]): ObjectObservation[] =>
    observations.filter(({ sequence }) => kinds.includes(kindOf.get(sequence) ?? "rendered"));
  const scores: Record<string, AbsenceScore> = {};
  for (const kind of [...ABSENT, ...IDENTITY]) scores[kind] = absenceScore(of([kind]));
  scores["all absences"] = absenceScore(of(ABSENT));
  scores["all identities"] = absenceScore(of(IDENTITY));
  const confidence = confidenceScore(observations);
  await writeChart(join(out, "reliability"), confidenceChart({ absence: confidence }));
  await writeJson(join(out, "absence.json"), { scores, confidence });
  return { benchmark: "absence", scores, confidence };
}
