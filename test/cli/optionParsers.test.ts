import { describe, expect, it } from "vitest";
import { endOfObject, frameRange } from "../../src/cli/labelOptions.ts";
import {
  amount,
  frameIndices,
  classOf,
  frameSize,
  labelList,
  memoryFrames,
  namesAmong,
  pixel,
  positiveNumber,
  repeated,
  share,
  topK,
  wholeNumber,
} from "../../src/cli/optionParsers.ts";

/** A parser, what is wrong for it, what it then says. */
const refusals: readonly [name: string, parse: (text: string) => unknown, texts: string[], says: RegExp][] = [
  [
    "a whole number",
    wholeNumber(1, 9),
    ["", " ", "0", "10", "1.5", "x", "NaN", "Infinity"],
    /a whole number from 1 to 9/,
  ],
  ["an open whole number", wholeNumber(2), ["1", "-3", "two"], /a whole number from 2\./],
  ["a positive number", positiveNumber, ["0", "-1", "x", "Infinity"], /a number above 0/],
  ["an amount", amount, ["", "-1", "x", "Infinity"], /a number of 0 or more/],
  ["a share", share, ["", "-0.1", "1.1", "half"], /a number from 0 to 1/],
  ["all or some", topK, ["none", "0", "1.5"], /a whole number from 1/],
  ["memory frames", memoryFrames, ["257", "1,x", "-1"], /a whole number from 0 to 256/],
  ["memory frames from 1", memoryFrames, ["0,1"], /Expected distances from 1/],
  ["labels", labelList, ["", "255", "3-1", "a", "1;2"], /labels from 0 to 254/],
  ["names", namesAmong(["a", "b"], "Views"), ["", "c", "a,c", "a;b"], /Views are a, b, separated by commas/],
  [
    "a class",
    classOf,
    ["gear", "1", "1=", "0=gear", "255=gear", "=gear", "1.5=gear"],
    /an id from 1 to 254 and a class/,
  ],
  ["a size", frameSize, ["854", "0x5", "5x0", "ax5", "5x5x5"], /a size such as 854x480/],
  ["frames", frameIndices, ["", "1,,2", "-1", "1.5", "a"], /frame indices from 0/],
  ["a pixel", pixel, ["3", "1.5,2", "a,b", "1,2,3"], /x,y in whole pixels/],
  ["an end", endOfObject, ["2", "@3", "2@", "2@x"], /ID@FRAME/],
  ["a range", frameRange, ["9", "a:b", "1:2:3", "-1:3"], /A:B/],
];

describe.each(refusals)("%s", (_, parse, texts, says) => {
  it.each(texts)("refuses %j and says what is expected", (text) => {
    expect(() => parse(text)).toThrow(says);
  });
});

it.each([
  [wholeNumber(0)("007"), 7],
  [positiveNumber("1e-3"), 0.001],
  [amount("0"), 0],
  [share("0"), 0],
  [share("1"), 1],
  [topK("all"), "all"],
  [topK("5"), 5],
  [memoryFrames("7"), 7],
  [memoryFrames("0"), 0],
  [memoryFrames("1,3,5"), [1, 3, 5]],
  [labelList("1-3, 7"), [1, 2, 3, 7]],
  [namesAmong(["a", "b"], "")("b, a"), ["b", "a"]],
  [classOf(" 12 = blue gear "), { id: 12, class: "blue gear" }],
  [classOf("1=a=b"), { id: 1, class: "a=b" }],
  [frameSize("854x480"), { width: 854, height: 480 }],
  [frameIndices("10,40"), [10, 40]],
  [pixel(" 3 , -4 "), { x: 3, y: -4 }],
  [repeated(wholeNumber(0))("2"), [2]],
  [repeated(wholeNumber(0))("2", [1]), [1, 2]],
  [endOfObject("2@150"), { what: 2, frame: 150 }],
  [endOfObject("left@ear@3"), { what: "left@ear", frame: 3 }],
  [frameRange(":"), {}],
  [frameRange("5:"), { start: 5 }],
  [frameRange("5:9"), { start: 5, end: 9 }],
])("what is read is %j", (read, expected) => {
  expect(read).toEqual(expected);
});
