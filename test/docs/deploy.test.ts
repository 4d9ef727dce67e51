/** @file The examples in `deploy/`: files that their programs can read, with commands that exist. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "./pages.ts";
import { problemWith } from "./program.ts";

const folder = join(ROOT, "deploy");
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const units = readdirSync(folder).filter((name) => name.endsWith(".service"));

/** Of commands in comments: what follows the program. */
const wordsOf = (line: string): string[] => line.trim().split(/\s+/u);

describe("deploy/compose.yaml", () => {
  const { services, volumes } = parse(read("compose.yaml")) as {
    services: Record<
      string,
      { command: string[]; build?: { context: string; dockerfile: string }; volumes: string[]; depends_on?: string[] }
    >;
    volumes: Record<string, object>;
  };

  it("has a server and workers that can be started so", async () => {
    for (const name of ["server", "worker"]) expect(await problemWith(services[name].command, false)).toBeUndefined();
    const token = /run --rm server (?<line>token .*?) {2,}#/u.exec(read("compose.yaml"))?.groups?.["line"];
    expect(await problemWith(wordsOf(token ?? ""), false)).toBeUndefined();
  });

  it("names only services, volumes and files that are there", () => {
    const named = Object.values(services).flatMap(({ depends_on = [] }) => depends_on);
    expect(named.filter((name) => !Object.hasOwn(services, name))).toEqual([]);
    const mounts = Object.values(services).flatMap((service) => service.volumes.map((mount) => mount.split(":")[0]));
    expect(mounts.filter((name) => !name.startsWith("./") && !Object.hasOwn(volumes, name))).toEqual([]);
    const { context, dockerfile } = services["server"].build ?? { context: "", dockerfile: "" };
    expect(existsSync(join(folder, context, dockerfile))).toBe(true);
  });

  it("keeps what Redis has", () => expect(services["redis"].command.join(" ")).toContain("--appendonly yes"));
});

describe.each(units)("deploy/%s", (name) => {
  it("starts something that exists", async () => {
    const [, line] = /^ExecStart=\/usr\/bin\/env tsumugi (?<line>.*)$/mu.exec(read(name)) ?? [];
    expect(await problemWith(wordsOf(line), false)).toBeUndefined();
  });

  it.skipIf(spawnSync("systemd-analyze", ["--version"]).status !== 0)("is a unit that systemd can read", () => {
    // It names lines that it does not understand, and ends with 1 where the file is of no use.
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, name)], {
      encoding: "utf8",
    });
    const about = stderr.split("\n").filter((line) => line.includes(name.replace(/@?\.service$/u, "")));
    expect({ status, about }).toEqual({ status: 0, about: [] });
  });
});
