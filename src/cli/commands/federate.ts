/** @file `tsumugi federate`: learning over several sites whose footage stays where it is. */
import { Command } from "commander";
import { positiveNumber, repeated, wholeNumber } from "../optionParsers.ts";
import { perform, untilInterrupted } from "../perform.ts";
import { cacheOption, listeningOptions, machineOptions } from "../sharedOptions.ts";
import { print, terminalLogger } from "../terminal.ts";
import { configKeys } from "../trainingKeys.ts";

const EXAMPLES = `
A coordinator keeps common weights. Each site learns from them on its own footage and sends what it has learned: weights, scores and
counts, never pictures. Their mean becomes the new common weights if the sites find it better.

Examples:
  $ tsumugi federate serve --data federation --rounds 10 --minimum-sites 3
  $ tsumugi token create plant-osaka --scopes federate --data federation
  $ tsumugi federate join http://127.0.0.1:4500 footage/ --token TOKEN --out joined
  $ tsumugi federate status --data federation

More: docs/federate.md.`;

/** The command. */
export function federateCommand(): Command {
  return new Command("federate")
    .description("Learns one model over several sites; footage stays where it is.")
    .addCommand(serveCommand())
    .addCommand(joinCommand())
    .addCommand(statusCommand())
    .addHelpText("after", EXAMPLES);
}

const SERVE = `
Only programs on this machine can connect, unless --host says otherwise. Every site needs a token of its own (tsumugi token create NAME
--scopes federate), which also says which site it is. Stopped or killed, the same command goes on with the round under way. When all
rounds are over it keeps serving, so that sites that come later get the weights: weights.safetensors in the folder.

Examples:
  $ tsumugi federate serve --data federation --rounds 10 --minimum-sites 3
  $ tsumugi federate serve --data federation --rounds 20 --minimum-sites 3 --steps 200 --deadline 120 --host 0.0.0.0
  $ tsumugi federate serve --data federation --rounds 5 --minimum-sites 2 --init none --set variant=nano --set learningRate=0.001`;

interface ServeFlags {
  readonly data: string;
  readonly rounds: number;
  readonly minimumSites: number;
  readonly steps: number;
  readonly deadline: number;
  readonly init: string;
  readonly seed: number;
  readonly set?: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly allowHost?: readonly string[];
}

function serveCommand(): Command {
  const command = new Command("serve")
    .description("leads a federation: hands out common weights, averages what comes back")
    .requiredOption("--data <dir>", "the coordinator's folder, with its tokens")
    .requiredOption("--rounds <n>", "how many rounds", wholeNumber(1, 100_000))
    .requiredOption("--minimum-sites <n>", "a round needs so many sites", wholeNumber(1, 10_000))
    .option("--steps <n>", "steps of training at each site in a round", wholeNumber(1), 200)
    .option(
      "--deadline <minutes>",
      "for learning and for comparing, from when enough sites have begun; later ones are not waited for",
      positiveNumber,
      60,
    )
    .option("--init <weights>", "initial weights: default (those of the package), none (random) or a file", "default")
    .option("--seed <n>", "of all that is drawn at random", wholeNumber(0), 1)
    .option(
      "--set <key=value>",
      "a key of the training configuration, docs/training.md (repeatable)",
      repeated(String),
    );
  listeningOptions(command.optionsGroup("Network:"), 4500);
  return command.addHelpText("after", SERVE).action(() =>
    untilInterrupted(async (signal) => {
      const { serveFederation } = await import("../../server/federation/serveFederation.ts");
      const { set = [], allowHost = [], deadline, ...given } = command.opts<ServeFlags>();
      const { rounds, minimumSites, steps, seed, ...rest } = given;
      const config = await configKeys(undefined, set);
      const service = await serveFederation({
        ...rest,
        allowHosts: allowHost,
        settings: { rounds, minimumSites, steps, deadlineMinutes: deadline, seed, config },
        logger: terminalLogger(),
      });
      print(`tsumugi coordinates at ${service.url}`);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await service[Symbol.asyncDispose]();
    }),
  );
}

const JOIN = `
Footage is read here and stays here. A part of it is set aside; with it this site compares what was learned. Stopped or killed, the same
command resumes. It ends when all rounds are over; the common weights are then in OUT/weights.safetensors. The token can also be given in
the environment variable TSUMUGI_TOKEN.

Examples:
  $ tsumugi federate join http://127.0.0.1:4500 footage/ --token TOKEN --out joined
  $ tsumugi federate join https://federation.example line-1/ line-2/ --out joined --steps 100 --threads 2
  $ tsumugi track clip.mp4 --labels first.png --out result --weights joined/weights.safetensors`;

function joinCommand(): Command {
  const command = new Command("join")
    .description("takes part with the footage of this machine")
    .argument("<url>", "address of the coordinator")
    .argument("<footage...>", "videos, image folders, or folders of both")
    .option("--token <token>", "this site's token (default: that in TSUMUGI_TOKEN)")
    .requiredOption("--out <dir>", "this site's folder: what is under way, and the common weights")
    .option("--steps <n>", "steps of training in each round (default: as the coordinator asks)", wholeNumber(1))
    .option("--json <file>", "write the result into this file")
    .addOption(cacheOption());
  return machineOptions(command)
    .addHelpText("after", JOIN)
    .action((url: string, footage: string[]) =>
      perform(command, ({ token = process.env["TSUMUGI_TOKEN"] ?? "", ...given }) => ({
        task: "federate",
        step: "join",
        url,
        footage,
        token,
        ...given,
      })),
    );
}

const STATUS = `
Examples:
  $ tsumugi federate status --data federation`;

function statusCommand(): Command {
  const command = new Command("status")
    .description("what happened so far, round by round")
    .requiredOption("--data <dir>", "the coordinator's folder")
    .option("--json <file>", "write everything into this file");
  return command
    .addHelpText("after", STATUS)
    .action(() => perform(command, (given) => ({ task: "federate", step: "status", ...given })));
}
