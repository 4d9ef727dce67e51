/** @file `tsumugi site`: from a folder of footage to a decision. */
import { Argument, Command, Option } from "commander";
import { defined } from "../../core/defined.ts";
import { LANGUAGES, MODELS_ACTIONS, MODES, PROTOCOLS } from "../../tasks/choices.ts";
import { amount, positiveNumber, repeated, wholeNumber } from "../optionParsers.ts";
import { type Given, perform } from "../perform.ts";
import { cacheOption, machineOptions } from "../sharedOptions.ts";
import { configKeys } from "../trainingKeys.ts";

const EXAMPLES = `
A site is a folder: footage (by its paths), labels, models, what was tracked, reports, and a history of all of it. Every step can
be stopped, killed and run again.

Examples:
  $ tsumugi site init line-3 --footage footage/ --target iou=0.80
      what there is, and what is to be reached
  $ tsumugi site check line-3
      is the footage good enough?
  $ tsumugi site plan line-3
      which frames to label, and how many
  $ tsumugi site track line-3
      once masks have been drawn
  $ tsumugi site report line-3
      go, no-go, or not enough evidence
  $ tsumugi site adapt line-3 --minutes 30
      learns on this footage; used only if it is better
  $ tsumugi site tune line-3 --fps 20
      settings of tracking for this site and speed
  $ tsumugi site run line-3
      all of these that are not done yet, in order
  $ tsumugi site watch line-3 --from recordings/ --night 22:00-05:00
      stays: takes in what arrives, learns from it by night
  $ tsumugi site models line-3
      what was learned here, and which model is used

The whole way: docs/site.md. Options and more examples of a step: tsumugi site STEP --help`;

const text = (value: string): string => value;

/** `tsumugi site STEP`. */
export function siteCommand(): Command {
  return new Command("site")
    .description("From a folder of footage to a decision: plan labels, track, report.")
    .addCommand(stepCommand(initCommand(), INIT, { keysOf: initKeys }))
    .addCommand(stepCommand(machineOptions(checkCommand()), CHECK))
    .addCommand(stepCommand(planCommand(), PLAN))
    .addCommand(stepCommand(machineOptions(trackCommand()), TRACK))
    .addCommand(stepCommand(reportCommand(), REPORT))
    .addCommand(stepCommand(machineOptions(adaptCommand()), ADAPT, { keysOf: adaptKeys }))
    .addCommand(stepCommand(machineOptions(tuneCommand()), TUNE))
    .addCommand(stepCommand(machineOptions(runCommand()), RUN))
    .addCommand(stepCommand(machineOptions(watchCommand()), WATCH, { keysOf: adaptKeys }))
    .addCommand(stepCommand(modelsCommand(), MODELS, { keysOf: modelsKeys, rest: MODELS_ARGUMENTS }))
    .addHelpText("after", EXAMPLES);
}

/** How a step's arguments after the site and its options become keys of the task. */
interface StepInput {
  readonly keysOf?: (given: Given, rest: readonly unknown[]) => Given | Promise<Given>;
  readonly rest?: readonly Argument[];
}

/** Completes a step's command, which has the step's name. */
function stepCommand(
  command: Command,
  examples: string,
  { keysOf = (given) => given, rest = [] }: StepInput = {},
): Command {
  for (const argument of [new Argument("<site>", "the folder of the site"), ...rest]) command.addArgument(argument);
  return command
    .option("--json <file>", "write the result into this file")
    .addHelpText("after", examples)
    .action(() => {
      const [folder, ...more] = command.processedArgs as unknown[];
      return perform(command, async (given) => ({
        task: "site",
        step: command.name(),
        folder,
        ...(await keysOf(given, more)),
      }));
    });
}

const INIT = `
Run it again to add footage, to change a target or a price. A target that is changed after a report has shown results is
marked as such in every later report.

Examples:
  $ tsumugi site init line-3 --footage footage/ --target iou=0.80
  $ tsumugi site init team --footage games/ --target pck@0.1=0.6 --mask-sec 90 --wage 40 --currency EUR
  $ tsumugi site init line-3 --object 1=gear --object 2=bolt`;

function initCommand(): Command {
  return new Command("init")
    .description("makes a site of footage, or changes what is known of one")
    .option("--name <text>", "what the site is called in reports (default: as its folder)")
    .option("--footage <paths...>", "videos, image folders, or folders of both; one folder is one camera")
    .option("--target <metric=value>", "what is to be reached: iou=0.80, pck@0.1=0.6 (repeatable)", repeated(text))
    .option("--object <id=name>", "name of an object by its value in masks (repeatable)", repeated(text))
    .option("--seed <n>", "of all that is drawn at random (default: 1)", wholeNumber(0))
    .optionsGroup("Prices:")
    .option("--mask-sec <s>", "seconds to draw a mask by hand (default: 60)", positiveNumber)
    .option("--correction-sec <s>", "seconds to correct a tracked mask (default: 30)", positiveNumber)
    .option("--objects-per-frame <n>", "objects to a frame, until labels show it (default: 1)", positiveNumber)
    .option("--wage <amount>", "cost of an hour of work (default: unknown, hours only)", amount)
    .option("--machine-wage <amount>", "cost of an hour of the machine (default: 0)", amount)
    .option("--currency <name>", "of the costs (default: EUR)")
    .optionsGroup("Tracking:")
    .addOption(new Option("--mode <mode>", "the mode of tracking (default: fast)").choices(MODES))
    .addOption(new Option("--protocol <name>", "the protocol of tracking").choices(PROTOCOLS))
    .option("--short-side <px>", "resize frames for the encoder to this shorter side", wholeNumber(16, 8192));
}

const PRICES: Readonly<Record<string, string>> = {
  maskSec: "maskSec",
  correctionSec: "correctionSec",
  objectsPerFrame: "objectsPerFrame",
  wage: "wagePerHour",
  machineWage: "machinePerHour",
  currency: "currency",
};
const TRACKER: Readonly<Record<string, string>> = { mode: "mode", protocol: "protocol", shortSide: "shortSide" };

/** Options of prices and tracking go into objects of their own. */
function initKeys({ target: targets, object, ...given }: Given): Given {
  const part = (names: Readonly<Record<string, string>>): Given =>
    Object.fromEntries(Object.entries(names).flatMap(([name, key]) => (name in given ? [[key, given[name]]] : [])));
  const rest = Object.entries(given).filter(([name]) => !(name in PRICES) && !(name in TRACKER));
  const objects = (object as readonly string[] | undefined)?.map((pair) => {
    const [id, ...name] = pair.split("=");
    return [id, name.join("=")];
  });
  return {
    ...Object.fromEntries(rest),
    ...(targets !== undefined && { targets }),
    ...(objects !== undefined && { objects: Object.fromEntries(objects) }),
    prices: part(PRICES),
    tracker: part(TRACKER),
  };
}

const CHECK = `
Checks every clip as tsumugi check does, into check/check.html and check/check.json.

Examples:
  $ tsumugi site check line-3
  $ tsumugi site check line-3 --language ja`;

function languageOption(): Option {
  return new Option("--language <language>", "of the page (default: en)").choices(LANGUAGES);
}

function checkCommand(): Command {
  return new Command("check").description("is the footage good enough?").addOption(languageOption());
}

const PLAN = `
Writes plan/plan.html with the frames in order, their pictures in plan/frames, and labels/split.json. Save masks under the paths
that it lists; then run it again to see what is left, or with a smaller reach for more labels. Frames for the verdict are drawn by
lot, camera by camera, and never exchanged.

Examples:
  $ tsumugi site plan line-3
  $ tsumugi site plan line-3 --reach 0.05 --passage-sec 5
  $ tsumugi site plan line-3 --passages 40 --tuning 10`;

function planCommand(): Command {
  return new Command("plan")
    .description("which frames to label, how many, in which order")
    .option(
      "--reach <x>",
      "how far the 95 % interval of the mean IoU may reach to each side (default: as before, at first 0.03)",
      positiveNumber,
    )
    .option(
      "--passage-sec <s>",
      "the longest stretch tracked from one label, seconds (default: as before, at first 10)",
      positiveNumber,
    )
    .option("--passages <n>", "passages to label (default: as many as the reach needs)", wholeNumber(1))
    .option("--tuning <n>", "frames for corrections and tuning (default: one for every other passage)", wholeNumber(0));
}

const TRACK = `
Each labelled passage is tracked from its first label, then with corrections, then with an untrained encoder to compare with. Labels
of verdict frames are never given. Passages that are done are kept, unless their labels changed.

Examples:
  $ tsumugi site track line-3
  $ tsumugi site track line-3 --corrections 2 --threads 2`;

function trackCommand(): Command {
  return new Command("track")
    .description("tracks the labelled passages with all that is compared")
    .option("--corrections <n>", "the most further labels tried in a passage (default: 1)", wholeNumber(0, 20));
}

const ADAPT = `
Learns from the site's footage without labels, from the model in use on. A fifth of the footage is set aside, and what was learned is
used only if it does better there, by more than noise, and no worse on tuning labels. Clips that site check found poor are left out.
What was stopped resumes.

Examples:
  $ tsumugi site adapt line-3
  $ tsumugi site adapt line-3 --minutes 60 --replay old-footage/
  $ tsumugi site adapt line-3 --minutes 20 --set learningRate=0.00005`;

function adaptCommand(): Command {
  return new Command("adapt")
    .description("learns on the site's footage; what was learned is used only if it is better")
    .option("--minutes <n>", "for everything: learning and comparing (default: 30)", positiveNumber)
    .option("--replay <paths...>", "other clips to learn from as well, so that what they taught is not forgotten")
    .option("--include-poor", "also learn from clips that the footage check refused")
    .option("--anew", "throw away what is under way and begin anew")
    .option("--set <key=value>", "a key of the training configuration, docs/training.md (repeatable)", repeated(text))
    .addOption(cacheOption());
}

async function adaptKeys({ set, ...given }: Given): Promise<Given> {
  return { ...given, config: await configKeys(undefined, (set as readonly string[] | undefined) ?? []) };
}

const TUNE = `
Tries settings of tracking, most of them shortly, the best for longer, and uses the best if it is better than the usual ones by more
than noise on tests that chose nothing. Tests are clips made of the footage, or tuning labels once eight passages have them; never
verdict labels. Writes tune/tradeoff.svg: speed against score. What was stopped resumes.

Examples:
  $ tsumugi site tune line-3
  $ tsumugi site tune line-3 --fps 20 --minutes 30
      at least 20 frames/s on this machine
  $ tsumugi site tune line-3 --usual
      back to the usual settings`;

function tuneCommand(): Command {
  return new Command("tune")
    .description("finds settings of tracking for the site; used only if they are better")
    .option("--minutes <n>", "for everything; with less time fewer settings are tried (default: 15)", positiveNumber)
    .option("--fps <n>", "frames a second that tracking must make on this machine", positiveNumber)
    .option("--usual", "go back to the usual settings instead");
}

const RUN = `
Check, plan, adapt, tune, track, report: what is done already is kept, and without labels it ends with the plan. Stopped or killed at
any moment, the same command resumes.

Examples:
  $ tsumugi site run line-3
  $ tsumugi site run line-3 --adapt-minutes 60 --tune-minutes 0 --language ja`;

function runCommand(): Command {
  return new Command("run")
    .description("everything that is not done yet, in order")
    .option("--adapt-minutes <n>", "for adapting; 0: leave it out (default: 30)", amount)
    .option("--tune-minutes <n>", "for tuning; 0: leave it out (default: 15)", amount)
    .option("--corrections <n>", "the most further labels tried in a passage (default: 1)", wholeNumber(0, 20))
    .addOption(languageOption())
    .addOption(cacheOption());
}

const WATCH = `
Recordings that arrive in the folders become clips of the site, each once and only when it is whole and the footage check does not
find it poor. When enough is new, or what is new looks unlike what the model learned from, it learns. The new model is used only if
it is better on new footage and no worse on older footage; if footage that comes later shows that it was no gain, the model before it
is used again. history.jsonl says why. Stopped or killed at any moment, the same command goes on; folders are remembered.

Examples:
  $ tsumugi site watch line-3 --from recordings/ --night 22:00-05:00 --minutes 60
  $ tsumugi site watch line-3 --from camera-1/ camera-2/ --every 300
  $ tsumugi site watch line-3 --once
      one look, for cron and other schedulers`;

function watchCommand(): Command {
  return new Command("watch")
    .description("takes in recordings as they arrive, and learns from them")
    .option("--from <folders...>", "where recordings arrive (default: as before)")
    .option("--every <s>", "seconds between looks (default: 60)", positiveNumber)
    .option("--once", "one look and what follows from it, then the end")
    .option("--settle <s>", "with --once: seconds until what is new is looked at again (default: 10)", amount)
    .option("--night <hours>", "learn only in these hours, such as 22:00-05:00 (default: at any time)")
    .option("--minutes <n>", "for each time it learns: learning and comparing (default: 20)", positiveNumber)
    .option("--include-poor", "also take recordings that the footage check finds poor")
    .option("--set <key=value>", "a key of the training configuration, docs/training.md (repeatable)", repeated(text))
    .option("--cache <dir>", "folder for decoded footage (default: in the site, until it has learned)");
}

const MODELS = `
Every model that was learned here stays, with its weights, the numbers that it was judged by and why it was accepted or refused.

Examples:
  $ tsumugi site models line-3
  $ tsumugi site models line-3 show 1
  $ tsumugi site models line-3 use 0
  $ tsumugi site models line-3 rollback
      the model that was used before`;

const MODELS_ARGUMENTS = [
  new Argument("[action]", "what to do (default: list)").choices(MODELS_ACTIONS),
  new Argument("[number]", "of the model to show or to use").argParser(wholeNumber(0)),
];

function modelsCommand(): Command {
  return new Command("models").description("lists the site's models, shows one, uses another one, or goes back");
}

/** What is left out has the task's default. */
function modelsKeys(given: Given, [action, number]: readonly unknown[]): Given {
  return { ...given, ...defined({ action, number }) };
}

const REPORT = `
Writes report/report.html (one file), report/report.json and report/pictures. The verdict is go if the whole 95 % interval lies at or
above the target, no-go if it lies below, else there is not enough evidence.

Examples:
  $ tsumugi site report line-3
  $ tsumugi site report line-3 --language ja`;

function reportCommand(): Command {
  return new Command("report")
    .description("verdict, accuracy, work and pictures as one page")
    .addOption(languageOption());
}
