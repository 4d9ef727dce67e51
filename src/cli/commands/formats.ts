/** @file `tsumugi formats`: which formats of labels are read and written, and what each can hold. */
import { Command } from "commander";
import type { DescribedFormat } from "../../formats/described.ts";
import { print } from "../terminal.ts";

const EXAMPLES = `
Examples:
  $ tsumugi formats
  $ tsumugi formats --json > formats.json

Conventions of each format, and where they come from: docs/formats.md.`;

/** The command. */
export function formatsCommand(): Command {
  return new Command("formats")
    .description("Lists the formats of labels: read or written, how their files end, what they can hold and what not.")
    .option("--json", "print the list as JSON", false)
    .addHelpText("after", EXAMPLES)
    .action(printFormats);
}

async function printFormats({ json }: { readonly json: boolean }): Promise<void> {
  const { describedFormats } = await import("../../formats/described.ts");
  const all = describedFormats();
  print(json ? JSON.stringify(all, undefined, 2) : all.map(paragraph).join("\n\n"));
}

function paragraph({ name, read, written, files, holds, lacks }: DescribedFormat): string {
  const uses = [...(read ? ["read"] : []), ...(written ? ["written"] : [])];
  return [
    `${name}: ${uses.join(", ")}; ${files.join(" ")}`,
    `  holds: ${holds.join(", ")}`,
    ...(lacks.length === 0 ? [] : [`  cannot hold: ${lacks.join(", ")}`]),
  ].join("\n");
}
