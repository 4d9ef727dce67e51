/** @file `tsumugi studio`: the service with pages for people, on this machine. */
import { Command } from "commander";
import { untilInterrupted } from "../perform.ts";
import { wholeNumber } from "../optionParsers.ts";
import { threadsOption } from "../sharedOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

const EXAMPLES = `
Only this machine can connect. Labels and results lie in the folder --data; stop and start as you like, jobs go on where they
were. To let others use it over the network, see tsumugi serve.

Examples:
  $ tsumugi studio footage/
  $ tsumugi studio footage/ archive/clip.mp4 --port 4401 --open

Screens and keys: docs/studio.md, and ? on the page.`;

/** The command. */
export function studioCommand(): Command {
  const command = new Command("studio")
    .description("Label, track, review and export in a browser.")
    .argument("[folders...]", "folders with footage, or single clips; default: the present folder")
    .option("--data <dir>", "folder for labels, results and the queue", "tsumugi-data")
    .option("--port <n>", "port to listen on; 0: any free one", wholeNumber(0, 65_535), 4400)
    .option("--open", "open the page in the browser", false)
    .addOption(threadsOption());
  return command.addHelpText("after", EXAMPLES).action((folders: string[]) =>
    untilInterrupted(async (signal) => {
      const [{ serve }, { STUDIO_PAGES }, { openInBrowser }] = await Promise.all([
        import("../../server/serve.ts"),
        import("../../server/routes/studio.ts"),
        import("../../server/openInBrowser.ts"),
      ]);
      const { data, port, open, threads } = command.opts<StudioFlags>();
      const logger = terminalLogger();
      const service = await serve({
        folders: folders.length > 0 ? folders : ["."],
        data,
        port,
        workers: 1,
        machine: { device: "cpu", threads },
        logger,
        pages: STUDIO_PAGES,
      });
      print(`tsumugi studio: ${service.url}`);
      if (open) await openInBrowser(service.url, logger);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await service[Symbol.asyncDispose]();
    }),
  );
}

interface StudioFlags {
  readonly data: string;
  readonly port: number;
  readonly open: boolean;
  readonly threads?: number;
}
