/**
 * @file `tsumugi` as a function: one file of options per command in `commands/`. A command's dependencies are loaded when
 * it runs.
 */
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { Interrupted, messageOf, UserError } from "../core/errors.ts";
import { versionsInUse } from "../core/versions.ts";
import { ablateCommand } from "./commands/ablate.ts";
import { calibrateCommand } from "./commands/calibrate.ts";
import { checkCommand } from "./commands/check.ts";
import { convertCommand } from "./commands/convert.ts";
import { demoCommand } from "./commands/demo.ts";
import { discoverCommand } from "./commands/discover.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { eventsCommand } from "./commands/events.ts";
import { federateCommand } from "./commands/federate.ts";
import { formatsCommand } from "./commands/formats.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { listenCommand } from "./commands/listen.ts";
import { monitorCommand } from "./commands/monitor.ts";
import { reviewCommand } from "./commands/review.ts";
import { runCommand } from "./commands/run.ts";
import { schemaCommand } from "./commands/schema.ts";
import { scoreCommand } from "./commands/score.ts";
import { serveCommand } from "./commands/serve.ts";
import { siteCommand } from "./commands/site.ts";
import { snapshotCommand } from "./commands/snapshot.ts";
import { studioCommand } from "./commands/studio.ts";
import { trackCommand } from "./commands/track.ts";
import { trainCommand } from "./commands/train.ts";
import { tokenCommand } from "./commands/token.ts";
import { workCommand } from "./commands/work.ts";
import { weightsCommand } from "./commands/weights.ts";
import { helpColumns, optionDescription, wrapProse } from "./helpText.ts";
import { endProgress } from "./terminal.ts";

const EXAMPLES = `
Examples:
  $ tsumugi demo
      a complete run, on a clip that it renders
  $ tsumugi track clip.mp4 --labels first.png --out result
  $ tsumugi snapshot clip.mp4 --out frame.png
      a frame to label
  $ tsumugi review result
  $ tsumugi site init line-3 --footage footage/ --target iou=0.80
      from a folder of footage to a decision
  $ tsumugi check clip.mp4 --out check
      is this footage good enough?
  $ tsumugi discover clip.mp4 --out discovered
      what moves, without any label
  $ tsumugi events result --zones zones.json --out events
      counts at lines and areas, what happened there
  $ tsumugi listen clip.mp4 --out heard
      impacts, alarms, silences in its sound
  $ tsumugi monitor recording.mp4 --out watched
      tells when a camera is covered, turned, frozen, …
  $ tsumugi convert result --to coco --out result.json
      what was tracked, for other tools
  $ tsumugi train footage/ --out runs/first --minutes 60
  $ tsumugi inspect clip.mp4 --out inspection
  $ tsumugi evaluate davis --data DAVIS --split val.txt --out results
  $ tsumugi score davis --pred results --truth DAVIS/Annotations/480p
  $ tsumugi weights runs/first/weights.safetensors
  $ tsumugi run task.json
  $ tsumugi studio footage/
      label, track and review in a browser
  $ tsumugi serve footage/
      everything over HTTP

Options and more examples of a command: tsumugi COMMAND --help`;

const HELP = ["-h, --help", "show this help"] as const;

const commands = (): Command[] => [
  demoCommand(),
  trainCommand(),
  ablateCommand(),
  trackCommand(),
  reviewCommand(),
  siteCommand(),
  checkCommand(),
  convertCommand(),
  formatsCommand(),
  eventsCommand(),
  listenCommand(),
  monitorCommand(),
  discoverCommand(),
  inspectCommand(),
  snapshotCommand(),
  evaluateCommand(),
  scoreCommand(),
  weightsCommand(),
  calibrateCommand(),
  studioCommand(),
  serveCommand(),
  workCommand(),
  tokenCommand(),
  federateCommand(),
  runCommand(),
  schemaCommand(),
];

async function program(): Promise<Command> {
  const made = new Command("tsumugi")
    .description(
      "Learns to follow every pixel of a video from unlabelled footage, then carries a few labels through whole clips.",
    )
    .version((await versionsInUse()).tsumugi)
    .helpOption(...HELP)
    .showHelpAfterError("(add --help for the options and examples)")
    .showSuggestionAfterError()
    .configureHelp({ optionDescription })
    .configureOutput({ writeOut: (text) => process.stdout.write(wrapProse(text, helpColumns())) })
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  for (const command of commands()) made.addCommand(inheriting(command, made));
  return made;
}

/** Gives commands made elsewhere, and their subcommands, the program's settings for errors. */
function inheriting(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  // Set again, so that it appears in the command's last group.
  command.helpOption(...HELP);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

/**
 * Does what a command line asks for, results on stdout and everything else on stderr. How it ended is `process.exitCode`.
 * @param args without the names of Node and of the program
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    await (await program()).parseAsync(args, { from: "user" });
  } catch (error) {
    process.exitCode = ended(error);
  }
}

/** Says why it ended. @returns the exit status */
function ended(error: unknown): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode;
  endProgress();
  if (error instanceof Interrupted) {
    process.stderr.write("stopped; run the same command again to resume\n");
    return 130;
  }
  const text = error instanceof UserError ? error.message : ((error as Error).stack ?? messageOf(error));
  process.stderr.write(`${pc.red("error:")} ${text}\n`);
  return 1;
}
