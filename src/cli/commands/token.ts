/** @file `tsumugi token`: who may use a service that other machines can reach. */
import { Command } from "commander";
import { SCOPES, SERVICE_SCOPES } from "../../tasks/choices.ts";
import { namesAmong, positiveNumber } from "../optionParsers.ts";
import { print } from "../terminal.ts";

const CREATED = `
The token is shown once; the service keeps only a hash of it. It is sent as Authorization: Bearer TOKEN.

Scopes: read: everything can be read; label: labels can be written; run: uploads, jobs, deletions;
federate: learning together (tsumugi federate), and nothing else.

Examples:
  $ tsumugi token create anna
  $ tsumugi token create line-3 --scopes read --data /srv/tsumugi
  $ tsumugi token create plant-osaka --scopes federate --days 90 --data federation`;

const EXAMPLES = `
Examples:
  $ tsumugi token create anna
  $ tsumugi token list
  $ tsumugi token revoke anna`;

const tokens = async (data: string) => new (await import("../../server/security/tokens.ts")).TokenFile(data);

/** The command. */
export function tokenCommand(): Command {
  return new Command("token")
    .description("Makes, lists and revokes tokens of a service.")
    .addHelpText("after", EXAMPLES)
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}

const inFolder = (command: Command): Command => command.option("--data <dir>", "the service's folder", "tsumugi-data");

function create(): Command {
  const command = inFolder(new Command("create").description("Makes a token.").argument("<name>", "whose it is"))
    .option("--scopes <names>", `what it allows: ${SCOPES.join(",")}`, namesAmong(SCOPES, "Scopes"), [
      ...SERVICE_SCOPES,
    ])
    .option("--days <n>", "days until it expires (default: never)", positiveNumber)
    .addHelpText("after", CREATED);
  return command.action(async (name: string) => {
    const { data, scopes, days } = command.opts<{ data: string; scopes: (typeof SCOPES)[number][]; days?: number }>();
    print(await (await tokens(data)).create(name, scopes, days));
  });
}

function list(): Command {
  const command = inFolder(new Command("list").description("Lists the tokens.")).addHelpText(
    "after",
    "\nExamples:\n  $ tsumugi token list --data tsumugi-data",
  );
  return command.action(async () => {
    const all = await (await tokens(command.opts<{ data: string }>().data)).list();
    for (const { name, scopes, created, expires } of all) {
      const until = expires === null ? "" : `, until ${new Date(expires).toISOString()}`;
      print(`${name}: ${scopes.join(", ")}; ${new Date(created).toISOString()}${until}`);
    }
  });
}

function revoke(): Command {
  const command = inFolder(new Command("revoke").description("Revokes a token.").argument("<name>", "whose it is"));
  return command
    .addHelpText("after", "\nExamples:\n  $ tsumugi token revoke anna")
    .action(async (name: string) => (await tokens(command.opts<{ data: string }>().data)).revoke(name));
}
