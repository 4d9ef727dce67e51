import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tsumugiHere } from "../cli/here.ts";
import { commandProblem } from "./commandProblems.ts";
import { type Piece, readPages, ROOT } from "./pages.ts";
import { each, problemWith, quietProgram } from "./program.ts";
import { type CommandLine, commandsOf, parseLine } from "./shell.ts";

const pages = readPages();
const commands = pages.flatMap(commandsOf);

/** One after another: the program keeps what it parsed last. */
async function problems(lines: readonly CommandLine[]): Promise<string[]> {
  const found: string[] = [];
  for (const line of lines) {
    const problem = await commandProblem(line);
    if (problem !== undefined) found.push(`${line.where}: ${line.words.join(" ")}: ${problem}`);
  }
  return found;
}

describe("commands in the documentation", () => {
  it("are found", () => {
    const ours = commands.filter(({ words }) => words.includes("tsumugi"));
    expect(ours.length).toBeGreaterThan(40);
  });

  it("exist, with every option and value", async () => expect(await problems(commands)).toEqual([]));

  it("run, those that are short", async () => {
    const lines = commands.map(({ words }) => (words[0] === "npx" ? words.slice(1) : words)).filter(isShort);
    const all = new Set([...lines.map((words) => words.slice(1).join(" ")), "weights weights/nano.safetensors"]);
    expect(all).toContain("--help");
    for (const line of all) expect(await tsumugiHere(line.split(" "))).toMatchObject({ code: 0, err: "" });
  });
});

/** `--help` of anything, and a look at a file of weights. */
function isShort([program, command, file, ...rest]: readonly string[]): boolean {
  if (program !== "tsumugi") return false;
  if ([command, file, ...rest].includes("--help")) return true;
  return command === "weights" && rest.length === 0 && file !== undefined && existsSync(join(ROOT, file));
}

describe("examples in --help", () => {
  it("exist, with every option and value", async () => {
    const lines: Piece[] = [];
    each(quietProgram(), (command) => {
      let text = "";
      command.configureOutput({ writeOut: (part) => (text += part) });
      command.outputHelp();
      const examples = text.match(/^ {2}\$ .*$/gmu) ?? [];
      lines.push(...examples.map((line) => ({ text: line.slice(4), where: `${command.name()} --help` })));
    });
    expect(lines.length).toBeGreaterThan(50);
    expect(await problems(lines.flatMap((line) => parseLine(line, false)))).toEqual([]);
  });
});

describe("the check of a command", () => {
  it.each([
    ["tsumugi trace clip.mp4", "unknown command 'trace'"],
    ["tsumugi track clip.mp4 --labels a.png --out r --colour red", "unknown option '--colour'"],
    ["tsumugi track clip.mp4 --labels a.png", "required option '--out <dir>' not specified"],
    ["tsumugi track --labels a.png --out r", "missing required argument 'video'"],
    ["tsumugi track a.mp4 b.mp4 --labels a.png --out r", "too many arguments"],
    ["tsumugi track clip.mp4 --labels a.png --out r --mode quick", "Allowed choices are exact, fast, live"],
    ["tsumugi track clip.mp4 --labels a.png --out r --range 1", "Expected A:B"],
    ["tsumugi evaluate davos --data D", "unknown command 'davos'"],
    ["tsumugi train f/ --out r --set crop.kinds=squash", /crop/],
    ["tsumugi train f/ --out r --set crop.kind=round", /crop\.kind/],
    ["tsumugi train f/ --out r --set references", "key=value"],
    ["npx tsumugi trace", "unknown command 'trace'"],
    ["npx vitest run test/none.test.ts", "no such file: test/none.test.ts"],
    ["npx tsc -p tsconfig.none.json", "no such file"],
    ["npx leftpad", "not installed"],
    ["npm run nothing", "no script nothing"],
    ["npm publish", "unknown command npm publish"],
    ["npm run bench -- --only nothing", "no benchmark nothing"],
    ["npm run bench -- --fast", "no option --fast"],
    ["node dist/benchmarks/bench/none.js", "no such file: bench/none.ts"],
    ["node dist/cli/none.js", "no such file: src/cli/none.ts"],
    ["node scripts/none.js", "no such file"],
    ["wget example.org", "unknown program wget"],
    ["npm ci && tsumugi trace", "unknown command 'trace'"],
    ["ffmpeg -i a.mp4 - | tsumugi trace -", "unknown command 'trace'"],
  ])("refuses %s", async (text, problem) => {
    const found = await problems(parseLine({ text, where: "a.md:1" }, false));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(problem);
  });

  it.each([
    "npm ci && npm run demo",
    "tsumugi track … --mode live",
    "tsumugi evaluate",
    "tsumugi --help",
    "tsumugi train footage/ --out runs/a --set crop.kind=squash --set references=2   # a comment",
    "npm run bench -- --only trainStep",
    "git log --oneline",
  ])("accepts %s", async (text) => {
    expect(await problems(parseLine({ text, where: "a.md:1" }, false))).toEqual([]);
  });

  it("takes a bare command in a sentence for a mention", async () => {
    expect(parseLine({ text: "tsumugi track", where: "a.md:1" }, true)[0].elided).toBe(true);
    expect(parseLine({ text: "tsumugi track clip.mp4", where: "a.md:1" }, true)[0].elided).toBe(false);
    expect(await problemWith(["track"], true)).toBeUndefined();
  });

  it("knows every command file", () => {
    const names = readdirSync(join(ROOT, "src/cli/commands")).filter((name) => name.endsWith(".ts"));
    expect(quietProgram().commands).toHaveLength(names.length);
    expect(readFileSync(join(ROOT, "src/cli/commandLine.ts"), "utf8")).toContain("commands/");
  });
});
