/** @file `tsumugi evaluate cuts`: false alarms and misses of the cut detector. */
import { Command } from "commander";
import { countCuts, type JudgedFrame } from "../../../evaluation/benchmarks/cutBenchmark.ts";
import { findClips } from "../../../training/clipCache.ts";
import { untilInterrupted, wholeNumber } from "../../options.ts";
import { print, terminalLogger } from "../../terminal.ts";

interface CutsFlags {
  readonly frames: number;
}

const EXAMPLES = `
Each clip should be one shot: a cut inside one is called a false alarm. The clips follow one another in the order of their names; a border without a cut
is called missed (borders of clips of one place may well be).

Examples:
  $ tsumugi evaluate cuts footage/
`;

/** The command. */
export function cutsCommand(): Command {
  return new Command("cuts")
    .description("false alarms and misses of the cut detector on clips of one shot each")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .option("--frames <n>", "at most so many frames of each clip", wholeNumber(2), 100)
    .addHelpText("after", EXAMPLES)
    .action((footage: string[], flags: CutsFlags) => untilInterrupted((signal) => evaluate(footage, flags, signal)));
}

async function evaluate(footage: readonly string[], { frames }: CutsFlags, signal: AbortSignal): Promise<void> {
  const clips = await findClips(footage);
  const score = await countCuts(clips, { frames, logger: terminalLogger(), signal });
  const { within, borders, millisecondsPerFrame } = score;
  const alarms = within.filter(({ cut }) => cut);
  const missed = borders.filter(({ cut }) => !cut);
  print(`${clips.length} clips, ${within.length} frames that go on: ${alarms.length} false alarms${list(alarms)}`);
  print(`least alike within a clip:${list(within.toSorted((a, b) => a.likeness - b.likeness).slice(0, 3))}`);
  print(`${borders.length} borders: ${missed.length} missed${list(missed)}`);
  print(`${millisecondsPerFrame.toFixed(2)} ms of processor time a frame`);
}

function list(frames: readonly JudgedFrame[]): string {
  return frames
    .map(({ clip, frame, likeness }) => `\n  ${clip}, frame ${frame}: likeness ${likeness.toFixed(2)}`)
    .join("");
}
