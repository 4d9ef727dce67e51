import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { formatsCommand } from "../../src/cli/commands/formats.ts";
import { type DescribedFormat, describedFormats } from "../../src/formats/described.ts";
import { READABLE_FORMATS, WRITABLE_FORMATS } from "../../src/tasks/choices.ts";
import { ROOT } from "../docs/pages.ts";

const all = describedFormats();
const names = (is: (one: DescribedFormat) => boolean): string[] => all.filter(is).map(({ name }) => name);
const named = (name: string): DescribedFormat | undefined => all.find((one) => one.name === name);

/** What the command prints. */
async function printed(...options: string[]): Promise<string> {
  let text = "";
  const out = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    text += String(part);
    return true;
  });
  try {
    await formatsCommand().parseAsync(options, { from: "user" });
  } finally {
    out.mockRestore();
  }
  return text;
}

describe("the list of formats", () => {
  it("has what convert reads and writes; a folder of results is no format of labels", () => {
    expect(names(({ written }) => written).sort()).toEqual([...WRITABLE_FORMATS].sort());
    expect(names(({ read }) => read).sort()).toEqual(READABLE_FORMATS.filter((name) => name !== "tracked").sort());
  });

  it("says what each has a place for, and what not", () => {
    expect(named("voc")).toMatchObject({ read: true, written: true, files: [".xml", "folder"] });
    expect(named("joints")).toEqual({
      name: "joints",
      read: true,
      written: false,
      files: [".json"],
      holds: ["points", "tracks", "names", "not visible (points)"],
      lacks: ["masks", "boxes", "classes", "confidence", "partly covered", "filled in by a tool", "times", "skeletons"],
    });
    for (const { holds, lacks } of all) {
      expect(holds).not.toEqual([]);
      expect(holds.length + lacks.length).toBe(12);
    }
  });

  it("is the one in the documentation", () => {
    const page = readFileSync(join(ROOT, "docs/formats.md"), "utf8");
    const rows = all.map(({ name, read, written, files, holds }) => {
      const uses = [read ? "in" : "", written ? "out" : ""].filter(Boolean).join(", ");
      return `| \`${name}\` | ${uses} | ${files.join(" ")} | ${holds.join(", ")} |`;
    });
    const [, table = ""] = page.split("| name | in, out | files | holds |\n|---|---|---|---|\n");
    expect(table.split("\n\n", 1)[0].split("\n")).toEqual(rows);
  });
});

describe("tsumugi formats", () => {
  it("prints a paragraph for each", async () => {
    const text = await printed();
    expect(text.trimEnd().split("\n\n")).toHaveLength(all.length);
    expect(text).toContain(
      "mask-picture: read; .png .jpg .jpeg .webp .tif .tiff .avif\n  holds: masks\n  cannot hold: boxes, points,",
    );
  });

  it("prints the same as JSON", async () => {
    expect(JSON.parse(await printed("--json"))).toEqual(all);
  });
});
