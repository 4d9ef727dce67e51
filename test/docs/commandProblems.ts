/** @file Whether a command line of the documentation can work as it stands: programs, scripts, options and values exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./pages.ts";
import { problemWith } from "./program.ts";
import type { CommandLine } from "./shell.ts";

/** Programs of others: how they are called is not checked. */
const OTHERS = new Set(["ffmpeg", "git", "cd", "python3", "mkdir", "flock", "cp", "curl"]);

const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts;

/** What is wrong with the command, or undefined. */
export async function commandProblem({ words, elided }: CommandLine): Promise<string | undefined> {
  const [program, ...args] = words;
  if (program === "tsumugi") return problemWith(args, elided);
  if (program === "npx") return npxProblem(args, elided);
  if (program === "npm") return npmProblem(args);
  if (program === "node") return nodeProblem(args);
  return OTHERS.has(program) ? undefined : `unknown program ${program}`;
}

async function npxProblem([program, ...args]: readonly string[], elided: boolean): Promise<string | undefined> {
  if (program === "tsumugi") return problemWith(args, elided);
  if (program === "vitest" && args[0] === "run") return missing(args.slice(1).filter((word) => !word.startsWith("-")));
  if (program === "tsc") return missing(args.filter((_, i) => args[i - 1] === "-p"));
  return ["oxfmt", "oxlint", "depcruise"].includes(program) ? undefined : `npx ${program} is not installed here`;
}

function npmProblem([verb, ...args]: readonly string[]): string | undefined {
  if (["ci", "install", "i", "test", "pack"].includes(verb)) return undefined;
  if (verb !== "run") return `unknown command npm ${verb}`;
  const [script, ...rest] = args;
  if (!Object.hasOwn(scripts, script)) return `package.json has no script ${script}`;
  return script === "bench" ? benchProblem("main", rest) : undefined;
}

function nodeProblem([file, ...args]: readonly string[]): string | undefined {
  const bench = /^dist\/benchmarks\/bench\/(?<name>\w+)\.js$/u.exec(file)?.groups?.["name"];
  if (bench !== undefined) return benchProblem(bench, args);
  return missing([file.replace(/^dist\/(?<path>.*)\.js$/u, "src/$<path>.ts")]);
}

/** Benchmarks run when they are loaded, so their options and names are looked for in their text. */
function benchProblem(name: string, args: readonly string[]): string | undefined {
  const path = `bench/${name}.ts`;
  if (!existsSync(join(ROOT, path))) return `no such file: ${path}`;
  const source = readFileSync(join(ROOT, path), "utf8");
  const unknown = args.find((word) => /^--[a-z]/u.test(word) && word !== "--help" && !source.includes(`"${word}`));
  if (unknown !== undefined) return `${path} has no option ${unknown}`;
  const only = args[args.indexOf("--only") + 1];
  if (args.includes("--only") && !new RegExp(`^  ${only}: `, "mu").test(source))
    return `${path} has no benchmark ${only}`;
  return undefined;
}

function missing(paths: readonly string[]): string | undefined {
  const absent = paths.find((path) => !existsSync(join(ROOT, path)));
  return absent === undefined ? undefined : `no such file: ${absent}`;
}
