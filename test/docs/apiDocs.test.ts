import { describe, expect, it } from "vitest";
import { exportsOf, textBefore } from "./exports.ts";

describe("the public API", () => {
  it.each(["src/index.ts", "src/tensor/index.ts"])("%s has a doc comment for every export", (file) => {
    const exported = exportsOf(file);
    expect(exported.length).toBeGreaterThan(50);
    const bare = exported.filter((one) => !/\*\/\s*$/u.test(textBefore(one) ?? ""));
    expect(bare.map((one) => `${one.file}: ${one.name}`)).toEqual([]);
  });

  it("is read through every form of export", () => {
    const names = exportsOf("src/tensor/index.ts").map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["gradients", "DType", "matmul", "constant"]));
    expect(textBefore({ name: "none", file: "src/index.ts" })).toBeUndefined();
  });
});
