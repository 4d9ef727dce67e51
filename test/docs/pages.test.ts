import { describe, expect, it } from "vitest";
import { parsePage, resolveLink } from "./pages.ts";
import { commandsOf } from "./shell.ts";

describe("a page", () => {
  it("has blocks with their language and lines, fenced and indented", () => {
    const { blocks } = parsePage(
      "a.md",
      "text\n\n```sh\none\n\ntwo\n```\n```\nthree\n```\n\n    four\n    five\ntext\n",
    );
    expect(blocks.map(({ language, lines }) => [language, ...lines.map(({ where }) => where)])).toEqual([
      ["sh", "a.md:4", "a.md:5", "a.md:6"],
      ["", "a.md:9"],
      ["", "a.md:12", "a.md:13"],
    ]);
  });

  it("has code spans, wrapped ones too, and none out of blocks", () => {
    const { spans } = parsePage("a.md", "`one` and ``t`wo`` and `thr\nee`\n```\n`no`\n```\n`four`");
    expect(spans).toEqual([
      { text: "one", where: "a.md:1" },
      { text: "t`wo", where: "a.md:1" },
      { text: "thr ee", where: "a.md:1" },
      { text: "four", where: "a.md:6" },
    ]);
  });

  it("has links, and no code that looks like one", () => {
    const text = '[a](b.md#c) ![p](p.png "title")\n`[no](no.md)`\n<a href="d.md"><img width="9" src="q.gif"></a>';
    const { links } = parsePage("a.md", text);
    expect(links.map(({ text }) => text)).toEqual(["b.md#c", "p.png", "d.md", "q.gif"]);
  });

  it("has the anchors that GitHub makes", () => {
    const { anchors } = parsePage(
      "a.md",
      "# How good, how fast\n## `live` & more\n## [Link](x.md)\n## Same\n## Same\n```\n# no\n```",
    );
    expect([...anchors]).toEqual(["how-good-how-fast", "live--more", "link", "same", "same-1"]);
  });

  it("resolves links from where it is", () => {
    const page = parsePage("docs/parts/a.md", "");
    expect(resolveLink(page, "../video.md#x")).toEqual({ path: "docs/video.md", fragment: "x" });
    expect(resolveLink(page, "#y")).toEqual({ path: "docs/parts/a.md", fragment: "y" });
  });
});

describe("commands of a page", () => {
  it("are the lines of shell blocks and the spans that begin with a program", () => {
    const text = [
      "```sh",
      "tsumugi track a.mp4 \\",
      "  --labels 'a b.png' --out r   # a comment",
      "$ npm ci && npm test > log.txt 2>errors.txt",
      'python3 -c "one',
      '  two"',
      "```",
      "",
      "    tsumugi inspect a.mp4",
      "    not a command",
      "",
      "`tsumugi weights W` and `other`",
      "```python",
      "tsumugi none",
      "```",
    ].join("\n");
    expect(commandsOf(parsePage("a.md", text)).map(({ words, where }) => [where, ...words])).toEqual([
      ["a.md:2", "tsumugi", "track", "a.mp4", "--labels", "a b.png", "--out", "r"],
      ["a.md:4", "npm", "ci"],
      ["a.md:4", "npm", "test"],
      ["a.md:5", "python3", "-c", "one two"],
      ["a.md:9", "tsumugi", "inspect", "a.mp4"],
      ["a.md:12", "tsumugi", "weights", "W"],
    ]);
  });
});
