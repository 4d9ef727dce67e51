/** @file `tsumugi studio`: the service with pages for people, on this machine. */
import { Command } from "commander";
import type { Logger } from "../../core/log.ts";
import type { Service } from "../../server/serve.ts";
import { untilInterrupted } from "../perform.ts";
import { wholeNumber } from "../optionParsers.ts";
import { threadsOption } from "../sharedOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

const EXAMPLES = `
Only this machine can connect. Labels and results lie in the folder --data; stop and start as you like, jobs go on where they
were. To let others use it over the network, see tsumugi serve.

With --static there is no service: one page tracks in the browser alone, and any web server can serve its folder.

Examples:
  $ tsumugi studio footage/
  $ tsumugi studio footage/ archive/clip.mp4 --port 4401 --open
  $ tsumugi studio --static page

Screens and keys: docs/studio.md, and ? on the page.`;

/** The command. */
export function studioCommand(): Command {
  const command = new Command("studio")
    .description("Label, track, review and export in a browser.")
    .argument("[folders...]", "folders with footage, or single clips; default: the present folder")
    .option("--data <dir>", "folder for labels, results and the queue", "tsumugi-data")
    .option("--port <n>", "port to listen on; 0: any free one", wholeNumber(0, 65_535), 4400)
    .option("--static <dir>", "write the page that tracks in the browser alone to this folder, and serve it")
    .option("--open", "open the page in the browser", false)
    .addOption(threadsOption());
  return command.addHelpText("after", EXAMPLES).action((folders: string[]) =>
    untilInterrupted(async (signal) => {
      const flags = command.opts<StudioFlags>();
      const logger = terminalLogger();
      const { openInBrowser } = await import("../../server/openInBrowser.ts");
      const service = await (flags.static === undefined ? withService(folders, flags, logger) : alone(flags, logger));
      print(`tsumugi studio: ${service.url}`);
      if (flags.open) await openInBrowser(service.url, logger);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await service[Symbol.asyncDispose]();
    }),
  );
}

async function withService(folders: string[], { data, port, threads }: StudioFlags, logger: Logger): Promise<Service> {
  const { serve } = await import("../../server/serve.ts");
  const { STUDIO_PAGES } = await import("../../server/routes/studio.ts");
  return serve({
    folders: folders.length > 0 ? folders : ["."],
    data,
    port,
    workers: 1,
    machine: { device: "cpu", threads },
    logger,
    pages: STUDIO_PAGES,
  });
}

async function alone({ static: folder = "", port }: StudioFlags, logger: Logger): Promise<Service> {
  const { serveAlone } = await import("../../server/alone/serveAlone.ts");
  return serveAlone({ folder, port, logger });
}

interface StudioFlags {
  readonly static?: string;
  readonly data: string;
  readonly port: number;
  readonly open: boolean;
  readonly threads?: number;
}
