import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { tsumugiHere } from "./here.ts";

describe("help", () => {
  it.each([
    "",
    "demo",
    "train",
    "ablate",
    "calibrate",
    "track",
    "review",
    "convert",
    "formats",
    "inspect",
    "snapshot",
    "evaluate",
    "evaluate davis",
    "evaluate jhmdb",
    "evaluate badja",
    "evaluate cdnet",
    "evaluate camvid",
    "evaluate confidence",
    "evaluate absence",
    "evaluate drift",
    "evaluate made",
    "evaluate cuts",
    "evaluate cycle",
    "score",
    "score davis",
    "score pck",
    "score tapvid",
    "score miou",
    "weights",
    "federate",
    "federate serve",
    "federate join",
    "federate status",
    "run",
    "schema",
  ])("tsumugi %s --help lists examples", async (command) => {
    const { code, out } = await tsumugiHere([...command.split(" ").filter(Boolean), "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: tsumugi ${command}`.trimEnd());
    expect(out).toMatch(new RegExp(`Examples:\n  \\$ tsumugi ${command}`, "u"));
  });

  it.each(["ablate", "track", "train", "evaluate davis"])("of %s prints no JSON", async (command) => {
    const { out } = await tsumugiHere([...command.split(" "), "--help"]);
    expect(out).not.toMatch(/[{[]"|": /u);
  });

  it("is shown when no command is given", async () => {
    const { code, err } = await tsumugiHere([]);
    expect(code).toBe(1);
    expect(err).toContain("Usage: tsumugi");
    expect(err).toContain("Examples:");
  });

  it("fits the terminal, but for commands to copy, and says which options are required", async () => {
    const { out } = await tsumugiHere(["evaluate", "confidence", "--help"]);
    const wide = out.split("\n").filter((line) => line.length > 80);
    expect(wide.filter((line) => !line.startsWith("  $ "))).toEqual([]);
    expect(out).toMatch(/--data <root> .*\(required\)/u);
    expect(out).not.toMatch(/--split <file> [^-]*\(required\)/u);
  });

  it("the version is that of package.json", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await tsumugiHere(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
  });
});
