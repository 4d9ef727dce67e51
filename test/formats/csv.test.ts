import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { csvField, parseCsv } from "../../src/formats/csv.ts";

/** The numbers of column `x`. */
const numbers = (text: string): number[] => {
  const { rows, numbers } = parseCsv(text, "a.csv");
  return rows.map((row) => numbers.read(row, "x"));
};
const first = (text: string) => parseCsv(text, "a.csv").rows[0].values;

describe("tables that are refused", () => {
  it.each([
    [
      "x;y\n1.234,5;1",
      /line 2, column x: got "1\.234,5", which looks like thousands.*without separators of thousands/u,
    ],
    ["x;y\n1,234.5;1", /column x: got "1,234\.5", which looks like thousands/u],
    ["x\ty\n1,234,567\t1", /column x: got "1,234,567", which looks like thousands/u],
    ["x;y\n1 234;1", /column x: got "1 234", which looks like thousands/u],
    ["x,y\n1'234,1", /column x: got "1'234", which looks like thousands/u],
    ['x,y\n"1,234",1', /column x: got "1,234", expected a number with a decimal point/u],
    ["x;y\n1,5;1\n1.5;1", /line 3, column x: got "1\.5", but "1,5" in line 2, expected the same decimal mark/u],
    ["x,y\n0x10,1", /got "0x10"/u],
    ["x,y\n30px,1", /got "30px"/u],
  ])("%j", (text, says) => {
    expect(() => numbers(text)).toThrow(says);
    expect(() => numbers(text)).toThrow(expect.objectContaining({ code: "csv/invalid" }));
  });

  it.each([
    ["x,y\n1,2,3", /line 2: got 3 values, expected 2/u],
    ["x,y\n\n\n1", /line 4: got 1 values, expected 2/u],
    ["sep=;\nx;y\n1", /line 3: got 1 values/u],
    ['x,y\r"a\r\nb",1\r1', /line 4: got 1 values/u],
    ["1,2,3\n4,5,6", /line 1: got numbers, expected a header line/u],
    ["sep=,", /the file is empty/u],
  ])("%j", (text, says) => {
    expect(() => parseCsv(text, "a.csv")).toThrow(says);
  });
});

describe("numbers", () => {
  it("with decimal commas where commas do not separate", () => {
    expect(numbers("x;y\n30,5;1\n-0,25;1\n1,234;1\n7;1")).toEqual([30.5, -0.25, 1.234, 7]);
    expect(numbers("x\ty\n30,5\t1")).toEqual([30.5]);
    expect(numbers("x;y\n30.5;1\n,5;1".replace(",5", ".5"))).toEqual([30.5, 0.5]);
  });

  it("of any form; none where a program says that there is none", () => {
    expect(numbers("x,y\n1e2,1\n+.5,1\n5.,1\n-1.5E-1,1")).toEqual([100, 0.5, 5, -0.15]);
    expect(numbers("x,y\n,1\nNaN,1\nnan,1\n-inf,1\nN/A,1\n#NUM!,1\nnull,1\n-,1")).toEqual(Array(8).fill(Number.NaN));
  });
});

describe("separators", () => {
  const values = { frame: "0", name: "a b", x: "1" };
  it.each([
    "frame,name,x\n0,a b,1",
    "frame;name;x\n0;a b;1",
    "frame\tname\tx\n0\ta b\t1",
    "sep=;\nframe;name;x\n0;a b;1",
    '"sep=\t"\r\nframe\tname\tx\r\n0\ta b\t1',
    "SEP=|\nframe|name|x\n0|a b|1",
    "\uFEFFsep=,\rFrame, Name ,X\r0, a b ,1\r",
    '\n\n "Frame" ;"NAME" ; x\n\n0; "a b" ;1\n\n',
    "frame,name,x,,\n0,a b,1,,\n",
    "frame,name,x\n0,a b,1,,,\n,,,,,\n",
    ",frame,name,x\n17,0,a b,1",
  ])("%j", (text) => {
    expect(first(text)).toEqual(values);
  });

  it("a separator within quotes separates nothing", () => {
    expect(first('"a;b;c",x\n1,2')).toEqual({ "a;b;c": "1", x: "2" });
    expect(first('name\tx\n"a\tb"\t\t')).toEqual({ name: "a\tb", x: "" });
  });
});

describe("any text", () => {
  it("is a table or refused", () => {
    const words = array(constantFrom("x", "1", ",", ";", "\t", '"', "\n", "\r", " ", "sep=", "."), { maxLength: 24 });
    assert(
      property(words, (parts) => {
        try {
          for (const value of numbers(parts.join(""))) expect(value).not.toBe(Infinity);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("CSV fields", () => {
  it("come back as they were written", () => {
    const value = string({ unit: "grapheme" }).filter((text) => text !== "" && text.trim() === text);
    assert(
      property(array(value, { minLength: 1, maxLength: 4 }), (values) => {
        const header = values.map((_, i) => `c${i}`);
        const { rows } = parseCsv(`${header.join(",")}\n${values.map(csvField).join(",")}\n`, "x.csv");
        expect(rows).toEqual([{ line: 2, values: Object.fromEntries(header.map((c, i) => [c, values[i]])) }]);
      }),
    );
  });
});
