import { describe, expect, it } from "vitest";
import { z } from "zod";
import { schemaIssue } from "../../src/core/schemaIssue.ts";

const schema = z.strictObject({
  size: z.int().min(1).max(8),
  kind: z.enum(["square", "round"]),
  edge: z.strictObject({ width: z.number(), soft: z.literal(true).optional() }).optional(),
  source: z.custom((value) => typeof value === "function", "a function that gives frames").optional(),
});
const example = { size: 1, kind: "round", edge: { width: 1, soft: true }, source: () => [] };
const valid = { size: 1, kind: "round" };

function partsOf(given: unknown) {
  const checked = schema.safeParse(given);
  if (checked.success) throw new Error("nothing is wrong");
  return schemaIssue("the brush", checked.error.issues[0], given, example);
}

describe("an issue of a schema", () => {
  it("names an unknown key, the valid ones and the nearest", () => {
    expect(partsOf({ ...valid, sise: 2 })).toEqual({
      what: 'the brush has no key "sise"',
      expected: "size, kind, edge, source",
      todo: "did you mean size?",
    });
  });

  it("names an unknown key within another, or of something without names", () => {
    expect(partsOf({ ...valid, edge: { width: 1, soff: true } })).toEqual({
      what: 'the brush: edge has no key "soff"',
      expected: "width, soft",
      todo: "did you mean soft?",
    });
    const unknown = { code: "unrecognized_keys", keys: ["a"], path: ["size"], message: "", input: {} } as const;
    expect(schemaIssue("the brush", { ...unknown, keys: ["a"], path: ["size"] }, {}, example)).toEqual({
      what: 'the brush: size has no key "a"',
    });
  });

  it("names a choice that does not exist and the nearest", () => {
    expect(partsOf({ ...valid, kind: "rund" })).toEqual({
      what: "the brush: kind",
      got: '"rund"',
      expected: "one of square, round",
      todo: "did you mean round?",
    });
    expect(partsOf({ ...valid, edge: { width: 1, soft: false } })).toMatchObject({ got: "false", expected: "true" });
  });

  it.each([
    ["a number out of range", { ...valid, size: 9 }, "9", "number to be <=8"],
    ["a missing value", { kind: "round" }, "nothing", "number"],
    ["a value of another type", { ...valid, size: "2" }, '"2"', "number"],
    ["an object", { ...valid, size: {} }, "an object", "number"],
    ["a function", { ...valid, size: () => 1 }, "a function", "number"],
    ["an array of numbers", { ...valid, size: Float32Array.of(1) }, "Float32Array", "number"],
    ["a check of its own", { ...valid, source: [] }, "[]", "a function that gives frames"],
    ["the whole", "round", '"round"', "object"],
  ])("quotes %s", (_, given, got, expected) => {
    expect(partsOf(given)).toMatchObject({ got, expected });
  });
});
