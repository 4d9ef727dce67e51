/** @file `tsumugi evaluate cycle`: does a score without labels rank settings as the truth does? */
import { resolve } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { writeFileAtomic } from "../../../core/files.ts";
import {
  cycleCorrelation,
  type CycleRow,
  type CycleSetting,
  runCycleBenchmark,
} from "../../../evaluation/benchmarks/cycleBenchmark.ts";
import { readSplit } from "../../../formats/splitFile.ts";
import { modes } from "../../../tracking/modes.ts";
import { type ProtocolOverrides, resolveProtocol } from "../../../tracking/protocols.ts";
import {
  type ChosenEncoder,
  type EncoderFlags,
  encoderOptions,
  machineOptions,
  openChosenEncoder,
} from "../../encoderChoice.ts";
import { untilInterrupted, wholeNumber } from "../../options.ts";
import { type ModeFlags, modeOption } from "../../protocolOptions.ts";
import { print, terminalLogger } from "../../terminal.ts";

interface CycleFlags extends ModeFlags, Omit<EncoderFlags, "motion"> {
  readonly data: string;
  readonly split: string;
  readonly out: string;
  readonly res: string;
  readonly frames: number;
  readonly shortSide: number;
  readonly grid: boolean;
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

const EXAMPLES = `
Each sequence is tracked to its last frame and back with ${SETTINGS.length} settings: ${SETTINGS.map(({ name }) => name).join(", ")}. The cycle score is the IoU of what comes
back with what was given, in the first frame; it is compared with the true J&F of the way there (Spearman's rank correlation), over settings and over
sequences. DIR gets cycle.json and a file for each pair, which the same command uses again.

Examples:
  $ tsumugi evaluate cycle --data DAVIS --split five.txt --frames 25 --mode fast --out results/cycle
`;

/** The command. */
export function cycleCommand(): Command {
  const command = new Command("cycle")
    .description("how well a score without labels (there and back) ranks settings and sequences")
    .requiredOption("--data <root>", "annotated sequences in DAVIS layout")
    .requiredOption("--split <file>", "which of them, a name a line")
    .requiredOption("--out <dir>", "gets the numbers")
    .option("--res <name>", "the resolution's folder", "480p")
    .option("--frames <n>", "frames of each sequence", wholeNumber(4), 25)
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192), 240)
    .option("--grid", "also carry a grid of squares instead of the labels", false);
  return machineOptions(encoderOptions(command).addOption(modeOption("exact")))
    .addHelpText("after", EXAMPLES)
    .action((flags: CycleFlags) => untilInterrupted((signal) => evaluate(flags, signal)));
}

async function evaluate(flags: CycleFlags, signal: AbortSignal): Promise<void> {
  const { data: root, split, out, res: resolution, frames, grid, threads } = flags;
  // One of the settings is a radius, which only this mode keeps to.
  const { mode = "exact" } = flags;
  await using encoders = new Encoders(flags);
  const settings = SETTINGS.map(({ name, preset, overrides, untrained = false }): CycleSetting => {
    const protocol = resolveProtocol(preset, { ...overrides, shortSide: flags.shortSide });
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
      logger: terminalLogger(),
      signal,
      ...(threads !== undefined && { threads }),
    },
  );
  const numbers = (["cycle", ...(grid ? ["grid" as const] : []), "confidence"] as const).map((number) => ({
    number,
    ...cycleCorrelation(rows, number),
  }));
  await writeFileAtomic(`${out}/cycle.json`, `${JSON.stringify({ correlations: numbers, rows }, undefined, 1)}\n`);
  print(tableOf(rows, "setting"));
  print(tableOf(rows, "sequence"));
  for (const { number, sequences, settings: overSettings, settingsOnOne } of numbers)
    print(
      `${number}: rank correlation with J&F ${overSettings.toFixed(2)} over settings, ` +
        `${settingsOnOne.toFixed(2)} over settings on one sequence (mean), ${sequences.toFixed(2)} over sequences`,
    );
}

/** The trained and the untrained encoder, each opened once. */
class Encoders implements AsyncDisposable {
  private readonly flags: CycleFlags;
  private readonly opened = new Map<boolean, Promise<ChosenEncoder>>();

  constructor(flags: CycleFlags) {
    this.flags = flags;
  }

  open(untrained: boolean): Promise<ChosenEncoder> {
    const known = this.opened.get(untrained);
    if (known !== undefined) return known;
    const baseline = untrained ? { baseline: "untrained" as const } : {};
    const chosen = openChosenEncoder({ ...this.flags, ...baseline, motion: true });
    this.opened.set(untrained, chosen);
    return chosen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const chosen of this.opened.values()) await (await chosen).encoder[Symbol.asyncDispose]();
  }
}

/** Means by setting or by sequence. */
function tableOf(rows: readonly CycleRow[], key: "setting" | "sequence"): string {
  const head = [key, "J&F", "cycle", "grid", "confidence"];
  const table = new Table({
    head,
    colAligns: head.map((_, column) => (column === 0 ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  for (const name of new Set(rows.map((row) => row[key]))) {
    const group = rows.filter((row) => row[key] === name);
    const mean = (value: (row: CycleRow) => number | null): string => {
      const values = group.map(value).filter((one) => one !== null);
      return values.length === 0 ? "" : (values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(3);
    };
    table.push([
      name,
      mean(({ JF }) => JF),
      mean(({ cycle }) => cycle),
      mean(({ grid }) => grid),
      mean((row) => row.confidence),
    ]);
  }
  return table.toString();
}
