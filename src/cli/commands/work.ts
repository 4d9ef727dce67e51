/** @file `tsumugi work`: more workers for the jobs of a service, on this machine or another. */
import { Command } from "commander";
import { untilInterrupted } from "../perform.ts";
import { wholeNumber } from "../optionParsers.ts";
import { queueOption, threadsOption } from "../sharedOptions.ts";
import { print, terminalLogger } from "../terminal.ts";

const EXAMPLES = `
The folder --data is that of the service; any number of processes of one machine may work for it, and with a --queue on Redis
those of other machines that see the same folders at the same paths. A process that is stopped gives its jobs back, one that is
killed loses them to the next: they resume where they were.

Examples:
  $ tsumugi work --data tsumugi-data
  $ tsumugi work --data /srv/tsumugi --workers 2 --threads 1
  $ tsumugi work --data /srv/tsumugi --queue redis://queue.example:6379

More: docs/service.md.`;

/** The command. */
export function workCommand(): Command {
  const command = new Command("work")
    .description("Works on the jobs of a service, in a process of its own.")
    .requiredOption("--data <dir>", "the service's folder")
    .option("--workers <n>", "jobs at the same time", wholeNumber(1, 64), 1)
    .addOption(threadsOption())
    .addOption(queueOption());
  return command.addHelpText("after", EXAMPLES).action(() =>
    untilInterrupted(async (signal) => {
      const { runWorkers } = await import("../../server/serve.ts");
      const { data, queue, workers, threads } = command.opts<WorkFlags>();
      const working = await runWorkers({
        data,
        queue,
        workers,
        machine: { device: "cpu", threads },
        logger: terminalLogger(),
      });
      print(`works for ${data}`);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await working[Symbol.asyncDispose]();
    }),
  );
}

interface WorkFlags {
  readonly data: string;
  readonly queue?: string;
  readonly workers: number;
  readonly threads?: number;
}
