import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./pages.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

interface Package {
  readonly version: string;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}
const project = JSON.parse(read("package.json")) as Package;

describe("package.json", () => {
  it("ships only what is there", () => {
    const named = project.files.map((name) => name.replace(/^!/u, ""));
    const files = named.filter((name) => !name.startsWith("dist"));
    expect(files.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it("has scripts that run scripts which are there", () => {
    const scripts = Object.values(project.scripts).flatMap((line) => line.match(/scripts\/[\w.]+/gu) ?? []);
    expect(scripts.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const called = Object.values(project.scripts).flatMap((line) => [...line.matchAll(/npm run ([\w:]+)/gu)]);
    expect(called.map(([, name]) => name).filter((name) => !Object.hasOwn(project.scripts, name))).toEqual([]);
  });
});

describe("the changelog", () => {
  it("begins with what is unreleased, then the version of the package", () => {
    const headings = [...read("CHANGELOG.md").matchAll(/^## (?<title>.*)$/gmu)].map(({ groups }) => groups?.["title"]);
    expect(headings[0]).toBe("Unreleased");
    expect(headings[1]).toMatch(new RegExp(`^${project.version.replaceAll(".", "\\.")} - \\d{4}-\\d\\d-\\d\\d$`));
  });

  it("groups changes as Keep a Changelog does", () => {
    const groups = [...read("CHANGELOG.md").matchAll(/^### (?<name>.*)$/gmu)].map(({ groups }) => groups?.["name"]);
    const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    expect(groups.filter((name) => !known.includes(name ?? ""))).toEqual([]);
  });
});

describe("continuous integration", () => {
  const workflow = read(".github/workflows/ci.yml");

  it("runs the one script, on the oldest Node that is supported and on newer ones", () => {
    expect(workflow).toMatch(/run: \.ci\/run$/mu);
    expect(statSync(join(ROOT, ".ci/run")).mode & 0o100).toBe(0o100);
    const versions = /node: \[(?<list>[^\]]*)\]/u.exec(workflow)?.groups?.["list"].split(", ").map(Number) ?? [];
    expect(versions).toEqual([20, 22, 24]);
    expect(project.engines.node).toMatch(new RegExp(`^>=${versions[0]}\\b`));
  });

  it("checks and tests", () => {
    for (const step of ["npm ci", "npm run check", "npm test"]) expect(read(".ci/run")).toContain(step);
  });
});

describe("CONTRIBUTING.md", () => {
  const text = read("CONTRIBUTING.md");

  it("is linked from the README, as is the changelog", () => {
    for (const page of ["CONTRIBUTING.md", "CHANGELOG.md", "examples"])
      expect(read("README.md")).toContain(`(${page})`);
  });

  it.each(["part of the method", "benchmark", "format", "cue", "error code"])("says how to add a %s", (thing) => {
    expect(text).toMatch(new RegExp(`^### An? .*${thing}`, "mu"));
  });

  it("names every check", () => {
    const checks = Object.keys(project.scripts).filter((name) => name.startsWith("check"));
    for (const name of checks) expect(text).toContain(`npm run ${name}`);
  });
});
