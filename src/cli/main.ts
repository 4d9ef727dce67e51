#!/usr/bin/env node
/** @file `tsumugi`. */
import { runCommandLine } from "./commandLine.ts";
import { tolerateClosedPipes } from "./terminal.ts";

tolerateClosedPipes(process.stdout, process.stderr);
await runCommandLine(process.argv.slice(2));
