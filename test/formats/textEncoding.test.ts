import { assert, constantFrom, property, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { decodeText, encodingNamed } from "../../src/formats/textEncoding.ts";
import { encodedIn } from "./encoded.ts";

const table = (...names: string[]): string =>
  ["frame,name,x,y", ...names.map((name, i) => `0,${name},${i},5`), ""].join("\n");

describe("bytes that are no text", () => {
  it.each<[string, number[]]>([
    ["half a character in every table", [0x61, 0x81]],
    ["Cyrillic of Windows-1251", [0x2c, 0xed, 0xee, 0xf1, 0x2c]],
    ["zero bytes in no order", [0xd8, 0x00, 0xd8, 0x00, 0x00]],
  ])("%s: the user is told what to do", (_, bytes) => {
    const decode = () => decodeText(Uint8Array.from(bytes), "a.csv");
    expect(decode).toThrow(/cannot tell the encoding of a\.csv.*name it with --encoding, or save the file as UTF-8/u);
    expect(decode).toThrow(expect.objectContaining({ code: "text/encoding" }));
  });

  it("of the encoding that was named", () => {
    expect(() => decodeText(Uint8Array.of(0xff), "a.csv", "utf-8")).toThrow("a.csv is not utf-8");
    expect(() => decodeText(Uint8Array.of(0x81), "a.csv", "latin1")).toThrow("a.csv is not windows-1252");
  });

  it("an encoding that there is not", () => {
    expect(encodingNamed("klingon")).toBeUndefined();
    expect(() => decodeText(Uint8Array.of(65), "a.csv", "klingon")).toThrow('there is no encoding "klingon"');
  });
});

describe("Unicode is no guess", () => {
  const text = table("左手", "Füße", "😀");
  it.each(["utf-8", "utf-16le", "utf-16be"] as const)("%s, with a mark and without", (encoding) => {
    for (const mark of ["", "\uFEFF"])
      expect(decodeText(encodedIn(encoding, mark + text), "a")).toEqual({ text, encoding, isGuess: false });
  });

  it("an empty file, and a replacement character that the file itself has", () => {
    expect(decodeText(new Uint8Array(), "a")).toEqual({ text: "", encoding: "utf-8", isGuess: false });
    expect(decodeText(encodedIn("utf-8", "\uFFFD"), "a").text).toBe("\uFFFD");
  });
});

describe("older encodings are guessed", () => {
  it.each([
    ["shift_jis", ["左", "右"]],
    ["shift_jis", ["左手", "右手", "鼻"]],
    ["shift_jis", ["尾"]],
    ["shift_jis", ["しっぽ", "あたま"]],
    ["shift_jis", ["マウス1", "マウス2"]],
    ["shift_jis", ["左ひじ", "nose", "背中"]],
    ["gb18030", ["鼻子", "尾巴"]],
    ["gb18030", ["左手", "右手", "头"]],
    ["gb18030", ["老鼠1", "老鼠2"]],
    ["windows-1252", ["Füße", "Fäße"]],
    ["windows-1252", ["Ünal", "Größe"]],
    ["windows-1252", ["patte avant-gauche levée", "tête", "œil"]],
    ["windows-1252", ["año", "Ñandú", "corazón"]],
    ["windows-1252", ["näsa", "öra", "kroppsdelar å"]],
  ] as const)("%s: %j", (encoding, names) => {
    const text = table(...names);
    expect(decodeText(encodedIn(encoding, text), "a")).toEqual({ text, encoding, isGuess: true });
  });

  it("the encoding named is taken, under any of its names", () => {
    const text = table("鼻子");
    for (const label of ["gbk", "GB18030", "gb2312"])
      expect(decodeText(encodedIn("gb18030", text), "a", label)).toMatchObject({ text, isGuess: false });
    expect(decodeText(encodedIn("shift_jis", "左"), "a", "sjis").text).toBe("左");
  });
});

describe("any bytes", () => {
  it("are a text without zero bytes, or refused", () => {
    assert(
      property(
        uint8Array({ maxLength: 40 }),
        constantFrom(undefined, "utf-8", "sjis", "latin1", "x"),
        (bytes, label) => {
          try {
            expect(decodeText(bytes, "a", label).text).not.toContain("\0");
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("any text comes back from Unicode", () => {
    const texts = string({ unit: "grapheme" }).filter((text) => !text.includes("\0") && !text.startsWith("\uFEFF"));
    assert(
      property(texts, constantFrom("utf-8", "utf-16le", "utf-16be"), (text, encoding) => {
        expect(decodeText(encodedIn(encoding, `\uFEFF${text}`), "a")).toEqual({ text, encoding, isGuess: false });
      }),
    );
  });
});
