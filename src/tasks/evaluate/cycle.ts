/** @file The task `evaluate` of `cycle`: does a score without labels rank settings as the truth does? */
import { resolve } from "node:path";
import { defined } from "../../core/defined.ts";
import {
  cycleCorrelation,
  type CycleRow,
  type CycleSetting,
  runCycleBenchmark,
} from "../../evaluation/benchmarks/cycleBenchmark.ts";
import { readSplit } from "../../formats/splitFile.ts";
import { modes } from "../../tracking/modes.ts";
import { type ProtocolOverrides, resolveProtocol } from "../../tracking/protocols.ts";
import { type ChosenEncoder, openChosenEncoder } from "../settings/encoder.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { CycleSettings } from "./evaluateSchema.ts";

/** How one number that needs no labels correlates with J&F. */
export type CycleCorrelation = ReturnType<typeof cycleCorrelation> & {
  readonly number: "cycle" | "grid" | "confidence";
};

/** The numbers of every setting on every sequence, and how they correlate with J&F. */
export interface CycleOutcome {
  readonly benchmark: "cycle";
  readonly correlations: readonly CycleCorrelation[];
  readonly rows: readonly CycleRow[];
}

/** What is compared: the default, worse and better choices of each kind, other protocols, and no learning at all. */
const SETTINGS: readonly { name: string; preset: string; overrides?: ProtocolOverrides; untrained?: boolean }[] = [
  { name: "default", preset: "default" },
  { name: "untrained", preset: "default", untrained: true },
  { name: "radius-3", preset: "default", overrides: { radius: { cells: 3 } } },
  { name: "temperature-0.5", preset: "default", overrides: { temperature: 0.5 } },
  { name: "top-1", preset: "default", overrides: { topK: 1 } },
  { name: "last-frame-only", preset: "default", overrides: { memory: { first: "none", recent: 1 } } },
  { name: "first-frame-only", preset: "default", overrides: { memory: { recent: 0 } } },
  { name: "dino", preset: "dino" },
];

/** @throws UserError those of tracking and of reading and writing files */
export async function evaluateCycle(task: CycleSettings, context: RunContext): Promise<CycleOutcome> {
  const { data: root, split, out, resolution, frames, grid, shortSide } = task;
  // One of the settings is a radius, which only this mode keeps to.
  const { mode = "exact" } = task;
  const { logger, machine, signal } = context;
  await using encoders = new Encoders((untrained) => opened(task, untrained, context));
  const settings = SETTINGS.map(({ name, preset, overrides, untrained = false }): CycleSetting => {
    const protocol = resolveProtocol(preset, { ...overrides, shortSide });
    return { name, protocol, encoder: async () => (await encoders.open(untrained)).encoder };
  });
  const { identity } = await encoders.open(false);
  const made = { ...identity, settings: settings.map(({ name, protocol }) => ({ name, protocol })) };
  const rows = await runCycleBenchmark(
    { root, sequences: await readSplit(split), resolution },
    {
      settings,
      mode: modes[mode],
      frames,
      grid,
      out,
      identity: { ...made, data: resolve(root), resolution, frames, mode, grid },
      logger,
      signal,
      threads: machine.threads,
    },
  );
  const correlations = correlationsOf(rows, grid);
  await writeJson(`${out}/cycle.json`, { correlations, rows });
  return { benchmark: "cycle", correlations, rows };
}

function correlationsOf(rows: readonly CycleRow[], grid: boolean): CycleCorrelation[] {
  const numbers = ["cycle", ...(grid ? ["grid" as const] : []), "confidence"] as const;
  return numbers.map((number) => ({ number, ...cycleCorrelation(rows, number) }));
}

function opened(task: CycleSettings, untrained: boolean, { machine }: RunContext): Promise<ChosenEncoder> {
  const { weights, variant, ensemble } = task;
  const baseline = untrained ? ("untrained" as const) : task.baseline;
  return openChosenEncoder({ motion: true, ...defined({ weights, variant, ensemble, baseline }) }, machine);
}

/** The trained and the untrained encoder, each opened once. */
class Encoders implements AsyncDisposable {
  private readonly openNew: (untrained: boolean) => Promise<ChosenEncoder>;
  private readonly opened = new Map<boolean, Promise<ChosenEncoder>>();

  constructor(openNew: (untrained: boolean) => Promise<ChosenEncoder>) {
    this.openNew = openNew;
  }

  open(untrained: boolean): Promise<ChosenEncoder> {
    const known = this.opened.get(untrained);
    if (known !== undefined) return known;
    const chosen = this.openNew(untrained);
    this.opened.set(untrained, chosen);
    return chosen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const chosen of this.opened.values()) await (await chosen).encoder[Symbol.asyncDispose]();
  }
}
