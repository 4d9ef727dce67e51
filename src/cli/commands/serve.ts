/** @file `tsumugi serve`: clips, labels, jobs and their results over HTTP. */
import { Command } from "commander";
import { untilInterrupted } from "../perform.ts";
import { wholeNumber } from "../optionParsers.ts";
import { listeningOptions, queueOption, threadsOption } from "../sharedOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

const EXAMPLES = `
Only programs on this machine can connect, unless --host says otherwise; then every request needs a token (tsumugi token
create). Only the given folders and what is uploaded can be
read. Labels, results and the queue lie in the folder --data; a service that was stopped or killed goes on where it was.

Examples:
  $ tsumugi serve footage/
  $ tsumugi serve footage/ archive/clip.mp4 --data /srv/tsumugi --workers 2 --port 8080
  $ tsumugi serve footage/ --workers 0 --queue redis://queue.example:6379
  $ curl http://127.0.0.1:4400/api/clips

The API, with every route: docs/service.md, and /api/openapi.json of a running service.`;

/** The command. */
export function serveCommand(): Command {
  const command = new Command("serve")
    .description("Serves clips, labels, jobs and their results over HTTP.")
    .argument("[folders...]", "folders with footage, or single clips, that may be read")
    .option("--data <dir>", "folder for uploads, labels, results and the queue", "tsumugi-data");
  listeningOptions(command, 4400)
    .option("--require-token", "want a token even from programs on this machine", false)
    .option("--max-upload <mb>", "largest upload, MB", wholeNumber(1, 10_000_000), 20_000);
  return command
    .optionsGroup("Jobs:")
    .option("--workers <n>", "jobs at the same time; 0: only those of other processes", wholeNumber(0, 64), 1)
    .addOption(threadsOption())
    .addOption(queueOption())
    .addHelpText("after", EXAMPLES)
    .action((folders: string[]) =>
      untilInterrupted(async (signal) => {
        const { serve } = await import("../../server/serve.ts");
        const given = command.opts<ServeFlags>();
        const service = await serve({
          folders,
          data: given.data,
          queue: given.queue,
          host: given.host,
          port: given.port,
          workers: given.workers,
          allowHosts: given.allowHost ?? [],
          requireToken: given.requireToken,
          maxUploadBytes: given.maxUpload * 1024 ** 2,
          machine: { device: "cpu", threads: given.threads },
          logger: terminalLogger(),
        });
        print(`tsumugi serves at ${service.url}`);
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
        await service[Symbol.asyncDispose]();
      }),
    );
}

interface ServeFlags {
  readonly data: string;
  readonly queue?: string;
  readonly host: string;
  readonly port: number;
  readonly workers: number;
  readonly allowHost?: readonly string[];
  readonly requireToken: boolean;
  readonly maxUpload: number;
  readonly threads?: number;
}
