/** @file Evidence for reports as it would be read from a site, made of numbers. */
import { Random } from "../../src/core/random.ts";
import { SiteMasks } from "../../src/site/labels.ts";
import type { Observation } from "../../src/site/observations.ts";
import type { Check } from "../../src/footage/checkFile.ts";
import type { Evidence, MethodEvidence } from "../../src/site/report/evidence.ts";
import { DEFAULT_PRICES, type SiteTarget } from "../../src/site/siteFile.ts";

export const set = "2026-11-01T08:00:00.000Z";
/** When, and with what, a report is made. */
export const stamp = {
  made: "2026-11-30T10:00:00.000Z",
  versions: { tsumugi: "0.1.0", node: "v20", platform: "linux x64" },
};

/** What varies. */
export interface MadeEvidence {
  /** Mean IoU of each passage; frames and things lie around it. */
  readonly passages: readonly number[];
  readonly targets?: readonly SiteTarget[];
  readonly corrected?: number;
  readonly check?: Check;
  readonly looks?: number;
}

const CAMERAS = ["入口", "camera <b>"];

function observationsOf(passages: readonly number[], seed: number): Observation[] {
  const random = new Random(seed);
  return passages.flatMap((mean, p) =>
    [4, 11].flatMap((frame) =>
      ["1", "2"].map((thing) => {
        const iou = Math.min(1, Math.max(0, mean + random.uniform(-0.04, 0.04)));
        const area = iou === 0 ? 0 : 900;
        return {
          passage: `clip-${p}@00000`,
          clip: `clip-${p}`,
          camera: CAMERAS[p % 2],
          frame,
          name: String(frame).padStart(5, "0"),
          thing,
          confidence: Math.min(1, iou + random.uniform(0, 0.2)),
          away: frame,
          found: { kind: "mask", iou, area, trueArea: 1000, frameArea: 76_800 } as const,
        };
      }),
    ),
  );
}

/** Evidence of passages whose mean IoU is given. */
export function evidenceOf({
  passages,
  targets = [{ metric: "iou", value: 0.8, set, afterResults: false }],
  ...more
}: MadeEvidence): Evidence {
  const cost = { frames: 60, seconds: 10, peakRssMb: 400 };
  const method = (name: MethodEvidence["method"], corrections: number, change: number): MethodEvidence => ({
    method: name,
    corrections,
    observations: observationsOf(
      passages.map((mean) => mean + change),
      corrections + 1,
    ),
    costs: name === "copy-first" ? [] : [cost],
  });
  const footage = passages.map((_, p) => ({
    key: `clip-${p}`,
    camera: CAMERAS[p % 2],
    path: `/footage/clip-${p}.mp4`,
    frames: 250,
    width: 320,
    height: 240,
    seconds: 10,
  }));
  const labelled = footage.map(({ key, camera }) => {
    const passage = { key: `${key}@00000`, clip: key, camera, start: 0, end: 250, verdict: [4, 11], tuning: [100] };
    return { passage, given: [], verdict: [] };
  });
  return {
    site: {
      format: 1,
      name: "ライン <3>",
      made: set,
      seed: 1,
      footage,
      targets: [...targets],
      prices: { ...DEFAULT_PRICES, wagePerHour: 36, machinePerHour: 0.5 },
      objects: { 1: "歯車" },
      tracker: {},
      model: 0,
      preset: null,
    },
    model: {
      format: 1,
      number: 0,
      name: "default",
      made: set,
      parent: null,
      weights: null,
      sha256: "a".repeat(64),
      config: {},
      scores: {},
      accepted: true,
      reason: "the weights of the package",
    },
    split: { format: 1, passages: labelled.map(({ passage }) => passage), order: [] },
    plan: null,
    labels: [],
    passages: labelled,
    masks: new SiteMasks([]),
    methods: [
      method("copy-first", 0, -0.3),
      method("untrained", 0, -0.1),
      method("model", 0, 0),
      ...(more.corrected === undefined ? [] : [method("model", 1, more.corrected)]),
    ],
    thingsPerFrame: 2,
    gone: [],
    check: more.check ?? null,
    hashes: { split: "b".repeat(64), labels: "c".repeat(64) },
    looks: more.looks ?? 0,
    targetsEdited: false,
  };
}

/** Passages around a mean. */
export function around(mean: number, count: number, spread = 0.04): number[] {
  const random = new Random(11);
  return Array.from({ length: count }, () => mean + random.uniform(-spread, spread));
}
