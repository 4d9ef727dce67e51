#!/usr/bin/env node
/** @file `tsumugi`: one thin file per command in `commands/`. */
import { Command } from "commander";
import pc from "picocolors";
import { scoreCommand } from "./commands/score.ts";
import { Interrupted, messageOf, UserError } from "../core/errors.ts";
import { trackCommand } from "./commands/track.ts";
import { trainCommand } from "./commands/train.ts";

const program = new Command("tsumugi")
  .description(
    "Learns to follow every pixel of a video from unlabelled footage, then carries a few labels through whole clips.",
  )
  .version("0.1.0")
  .showHelpAfterError("(add --help for the options and examples)")
  .showSuggestionAfterError();

program.addCommand(trainCommand());

program.addCommand(trackCommand());
program.addCommand(scoreCommand());

try {
  await program.parseAsync();
} catch (error) {
  const interrupted = error instanceof Interrupted;
  const text = error instanceof UserError ? error.message : ((error as Error).stack ?? messageOf(error));
  process.stderr.write(interrupted ? "stopped\n" : `${pc.red("error:")} ${text}\n`);
  process.exitCode = interrupted ? 130 : 1;
}
