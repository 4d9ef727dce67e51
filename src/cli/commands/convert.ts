/** @file `tsumugi convert`: labels of one format, or what was tracked, in another format. */
import { Command, Option } from "commander";
import { READABLE_FORMATS, WRITABLE_FORMATS } from "../../tasks/choices.ts";
import { classOf, frameSize, repeated } from "../optionParsers.ts";
import { perform } from "../perform.ts";

const EXAMPLES = `
IN is a file or folder of labels, or the folder that tsumugi track wrote. What the format cannot hold is said, a line each.

Examples:
  $ tsumugi convert result --to coco --out result.json
  $ tsumugi convert result --to cvat-video --out tracks.xml --object 1=gear --object 2=bolt
  $ tsumugi convert instances.json --to mask-folder --out masks --video clip.mp4

Formats and their conventions: docs/formats.md.`;

/** The command. */
export function convertCommand(): Command {
  const command = new Command("convert")
    .description("Writes labels, or what was tracked, in the format of another tool.")
    .argument("<in>", "labels of any format that is read, or the folder of the results of tsumugi track")
    .addOption(new Option("--to <format>", "format to write").choices(WRITABLE_FORMATS).makeOptionMandatory())
    .requiredOption("--out <path>", "the file or folder to write")
    .option("--video <clip>", "the clip that the labels belong to, for the size and the names of its frames")
    .option("--size <WxH>", "or only the size of its frames, such as 854x480", frameSize)
    .addOption(new Option("--from <format>", "format of IN (default: told by its contents)").choices(READABLE_FORMATS))
    .option(
      "--object <id=class>",
      "what kind of thing an object is, by its id in masks (repeatable)",
      repeated(classOf),
    )
    .option("--sequence <name>", "which clip to convert, of labels that hold several")
    .option("--encoding <name>", "encoding of text that is not UTF-8")
    .option("--overwrite", "replace the file if it is there already");
  return command.addHelpText("after", EXAMPLES).action((input: string) =>
    perform(command, ({ object: objects, ...given }) => ({
      task: "convert",
      input,
      ...(objects !== undefined && { objects }),
      ...given,
    })),
  );
}
