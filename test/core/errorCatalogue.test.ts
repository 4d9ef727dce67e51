import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ErrorCode, errorCatalogue, type ErrorTexts } from "../../src/core/errorCatalogue.ts";
import { UserError } from "../../src/core/errors.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CODES = Object.keys(errorCatalogue) as ErrorCode[];

interface Place {
  readonly code: string;
  /** `file:line` */
  readonly where: string;
}

/** Every match of the pattern's group `code` in src, but in the catalogue itself. */
function inSource(pattern: RegExp, within = /[^]+/u): Place[] {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts") && !file.includes("errorCatalogue"))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, "src", file), "utf8");
      return [...text.matchAll(new RegExp(within, "gu"))].flatMap((part) =>
        [...part[0].matchAll(pattern)].map(({ groups, index }) => ({
          code: groups?.["code"] ?? "",
          where: `src/${file}:${text.slice(0, part.index + index).split("\n").length}`,
        })),
      );
    });
}

describe("the catalogue of errors", () => {
  it("has every code that src throws", () => {
    const thrown = inSource(/new UserError\(\s*"(?<code>[^"]+)"/gu);
    expect(thrown.length).toBeGreaterThan(100);
    expect(thrown.filter(({ code }) => !Object.hasOwn(errorCatalogue, code))).toEqual([]);
  });

  it("has no code that src never throws", () => {
    const literals = new Set(inSource(/"(?<code>[a-z]+\/[a-z0-9-]+)"/gu).map(({ code }) => code));
    expect(CODES.filter((code) => !literals.has(code))).toEqual([]);
  });

  it("has every code that doc comments name", () => {
    const areas = new Set(CODES.map((code) => code.split("/")[0]));

    const codes = inSource(/`(?<code>[a-z]+\/[a-z0-9-]+)`/gu, /\/\*\*[^]*?\*\//u).filter(({ code }) =>
      areas.has(code.split("/")[0]),
    );
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter(({ code }) => !Object.hasOwn(errorCatalogue, code))).toEqual([]);
  });

  it.each(CODES)("explains %s in whole sentences", (code) => {
    const { summary, remedy } = errorCatalogue[code];
    for (const text of [summary, remedy]) {
      expect(text).toMatch(/^(?:[A-Z]|--)[^\n|]*\.$/u);
      expect(text).not.toMatch(/\. [A-Z]/u);
    }
  });

  it("keeps the codes of an area together, under one heading", () => {
    const areas = CODES.map((code) => errorCatalogue[code].area);
    expect(areas.filter((area, i) => area !== areas[i - 1])).toEqual([...new Set(areas)]);
  });

  it("is what docs/errors.md was made from", () => {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/errorDocs.js"), "--check"]);
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: "" });
  });

  it("can be given in another language", () => {
    const entries = CODES.map((code) => [code, { summary: `${code} の説明`, remedy: "確認してください" }]);
    const japanese = Object.fromEntries(entries) as ErrorTexts;
    const error = new UserError("video/empty", { what: "clip.mp4 is an empty file (0 bytes)" });
    expect(japanese[error.code].summary).toBe("video/empty の説明");
  });
});

describe("an error", () => {
  it("takes only codes that exist", () => {
    // @ts-expect-error -- the point of the catalogue: this does not compile.
    expect(new UserError("video/none", { what: "nothing" }).code).toBe("video/none");
  });

  it("has the status of its code", () => {
    expect(new UserError("file/missing", { what: "no such file" }).status).toBe(404);
    expect(new UserError("disk/full", { what: "no room" }).status).toBe(507);
  });

  it("keeps its message, its parts and its cause", () => {
    const parts = { what: "the mask", got: "2x2", expected: "4x4", todo: "resize it" };
    const cause = new Error("underneath");
    const error = new UserError("labels/size", parts, cause);
    expect(error).toMatchObject({ message: "the mask: got 2x2, expected 4x4; resize it", parts, cause });
    expect(new UserError("labels/size", { what: "the mask" }).message).toBe("the mask");
  });
});
