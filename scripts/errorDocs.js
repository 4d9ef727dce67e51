// Writes docs/errors.md from the error catalogue of the build; with --check it only checks whether the file is up to
// date.
import { readFileSync, writeFileSync } from "node:fs";
import { errorCatalogue } from "../dist/core/errorCatalogue.js";

const PATH = new URL("../docs/errors.md", import.meta.url);

const INTRO = `# Errors

A user's mistake is a \`UserError\`. Its \`code\` is stable, its \`message\` says what was wrong in this case, and its \`parts\`
hold the same as data (\`what\`, \`got\`, \`expected\`, \`todo\`). Its \`status\` is the HTTP status of an answer that reports it.
On the command line such an error is one line without a stack trace, and the exit status is 1.

Messages that begin with \`internal:\` are bugs of tsumugi and have no code.

This page is made from [the catalogue](../src/core/errorCatalogue.ts) by \`npm run docs:errors\`. Texts are looked up
by code when an error is shown, so a table in another language (\`ErrorTexts\`) can replace this one.
`;

function page() {
  const areas = [...new Set(Object.values(errorCatalogue).map(({ area }) => area))];
  return [INTRO, ...areas.map(section)].join("\n");
}

function section(area) {
  const entries = Object.entries(errorCatalogue).filter(([, entry]) => entry.area === area);
  const rows = entries.map(
    ([code, { summary, remedy, status }]) => `| \`${code}\` | ${summary} | ${remedy} | ${status} |`,
  );
  return [`## ${area}`, "", "| code | what it means | what to do | HTTP |", "|---|---|---|---|", ...rows, ""].join(
    "\n",
  );
}

const wanted = page();
if (!process.argv.includes("--check")) writeFileSync(PATH, wanted);
else if (readFileSync(PATH, "utf8") !== wanted) {
  process.stderr.write("docs/errors.md is not up to date: run npm run docs:errors\n");
  process.exitCode = 1;
}
