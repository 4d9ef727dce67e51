import { Option } from "commander";
import { describe, expect, it } from "vitest";
import { optionDescription, wrapProse } from "../../src/cli/helpText.ts";

describe("wrapping prose", () => {
  it("joins the lines of a paragraph and breaks them where they fit", () =>
    expect(wrapProse("one two\nthree four\n", 9)).toBe("one two\nthree\nfour\n"));

  it("keeps paragraphs apart", () => expect(wrapProse("a b\n\nc d\n", 80)).toBe("a b\n\nc d\n"));

  it("leaves indented lines as they are, however long", () => {
    const text = "Examples:\n  $ a very long command\n      and what it does\n";
    expect(wrapProse(text, 10)).toBe(text);
  });

  it("never splits a word", () => expect(wrapProse("a unbreakable b", 5)).toBe("a\nunbreakable\nb"));

  it("does nothing to an empty text", () => expect(wrapProse("", 80)).toBe(""));
});

describe("the description of an option", () => {
  it("says that a required one is", () =>
    expect(optionDescription(new Option("--out <dir>", "folder").makeOptionMandatory())).toBe("folder (required)"));

  it("is commander's for others", () =>
    expect(optionDescription(new Option("--how <a>", "way").choices(["x", "y"]).default("x"))).toBe(
      'way (choices: "x", "y", default: "x")',
    ));
});
