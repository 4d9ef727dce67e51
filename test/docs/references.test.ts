import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorCatalogue } from "../../src/core/errorCatalogue.ts";
import { parsePage, readPages, ROOT } from "./pages.ts";
import { brokenImports, brokenLinks, missingFiles, unknownCodes, unknownKeys, unknownOptions } from "./references.ts";

const pages = readPages();

function sourcesIn(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files.filter((name) => /\.[jt]s$/u.test(name));
}

/** Options of scripts and benchmarks, by their text, and those of npm that we recommend. */
const further = new Set(
  ["--ignore-scripts"].concat(
    ["bench", "scripts"].flatMap((folder) =>
      sourcesIn(folder).flatMap(
        (name) => readFileSync(join(ROOT, folder, name), "utf8").match(/--[a-z][a-z-]*/gu) ?? [],
      ),
    ),
  ),
);

describe("the documentation names only what exists:", () => {
  it("links and their headings", () => expect(brokenLinks(pages)).toEqual([]));
  it("files", () => expect(pages.flatMap(missingFiles)).toEqual([]));
  it("imports", () => expect(pages.flatMap(brokenImports)).toEqual([]));
  it("error codes", () => expect(pages.flatMap(unknownCodes)).toEqual([]));
  it("options", () => expect(pages.flatMap((page) => unknownOptions(page, further))).toEqual([]));
  it("configuration keys", async () => expect((await Promise.all(pages.map(unknownKeys))).flat()).toEqual([]));

  it("pages, in comments and messages of the source", () => {
    const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => parsePage(`src/${name}`, readFileSync(join(ROOT, "src", name), "utf8").replaceAll("`", " ")));
    expect(sources.flatMap(missingFiles)).toEqual([]);
  });
});

describe("docs/errors.md", () => {
  it("has every code of the catalogue", () => {
    const page = pages.find(({ path }) => path === "docs/errors.md");
    const named = new Set(page?.spans.map(({ text }) => text));
    expect(Object.keys(errorCatalogue).filter((code) => !named.has(code))).toEqual([]);
  });
});

const sample = (text: string) => parsePage("docs/sample.md", text);

describe("the check of what is named", () => {
  it("finds broken links and headings", () => {
    const page = sample(
      "# A title\n[a](video.md) [b](none.md) [c](#a-title) [d](#none)\n[e](../README.md#none) [f](https://example.org)",
    );
    const readme = pages.filter(({ path }) => path === "README.md");
    expect(brokenLinks([page, ...readme])).toEqual([
      "docs/sample.md:2: no such file: none.md",
      "docs/sample.md:2: no such heading: #none",
      "docs/sample.md:3: no such heading: ../README.md#none",
    ]);
  });

  it("finds missing files, also in braces, patterns and short names", () => {
    const text =
      "`src/core/{errors,none}.ts`\n`src/core/*.ts` weights/none.bin\n`none.ts` `errors.ts` `core/errors.ts` ../shared/weights/x";
    expect(missingFiles(sample(text))).toEqual([
      "docs/sample.md:1: no such file: src/core/{errors,none}.ts",
      "docs/sample.md:2: no such file: weights/none.bin",
      "docs/sample.md:3: no such file: none.ts",
    ]);
  });

  it("knows files in braces at the end of a text, and does not fail at braces that never close", () => {
    expect(missingFiles(sample("`src/core/{files,log}.ts` and src/{core,kernels}"))).toEqual([]);
    expect(missingFiles(sample("src/{core,none}"))).toEqual(["docs/sample.md:1: no such file: src/{core,none}"]);
    expect(missingFiles(sample("src/{core"))).toEqual(["docs/sample.md:1: no such file: src/{core"]);
  });

  it("finds imports of what is not exported", () => {
    const good = 'import { UserError, type Frame } from "tsumugi";\nimport { join } from "node:path";';
    const bad = 'import { Nothing } from "tsumugi";\nimport { x } from "./src/none.ts";\nimport { y } from "leftpad";';
    expect(brokenImports(sample(`\`\`\`ts\n${good}\n${bad}\n\`\`\``))).toEqual([
      "docs/sample.md:4: tsumugi does not export Nothing",
      "docs/sample.md:5: no such module: ./src/none.ts",
      "docs/sample.md:6: no such module: leftpad",
    ]);
  });

  it("finds unknown codes, options and keys", async () => {
    const page = sample(
      "`video/none` `video/empty` `a/b`\n`--labels` `--labls a` `--no-overlay`\n`crop.kind` `crop.kinds` `--set crop.x=1`",
    );
    expect(unknownCodes(page)).toEqual(["docs/sample.md:1: no such error code: video/none"]);
    expect(unknownOptions(page, new Set())).toEqual(["docs/sample.md:2: no command has the option --labls"]);
    const keys = await unknownKeys(page);
    expect(keys[0]).toBe("docs/sample.md:3: no such configuration key: crop.kinds");
    expect(keys[1]).toMatch(/^docs\/sample\.md:3: .*crop/);
    expect(keys).toHaveLength(2);
  });
});
