/** @file `tsumugi check` as a program. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkSchema } from "../../src/footage/checkFile.ts";
import { makeImageFolder } from "../training/footage.ts";
import { tsumugiHere } from "./here.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "tsumugi-check-cli-"));
  await makeImageFolder(root, "a clip", 5);
});
afterAll(() => rm(root, { recursive: true }));
const at = (name: string): string => join(root, name);

it("prints a verdict, sentences and where the page is", async () => {
  const { code, out } = await tsumugiHere(["check", at("a clip"), "--out", at("out"), "--threads", "1"]);
  expect(code).toBe(0);
  expect(out).toMatch(/a clip: (?:good|usable|poor)\n/u);
  expect(out).toContain("What to change:");
  expect(out).toContain(`page: ${at("out/check.html")}`);
  expect((await readdir(at("out"))).toSorted()).toEqual(["check.html", "check.json", "readings"]);
});

it("prints the check as JSON, and nothing else", async () => {
  const { code, out } = await tsumugiHere(["check", at("a clip"), "--out", at("json"), "--json", "--language", "ja"]);
  expect(code).toBe(0);
  const check = checkSchema.parse(JSON.parse(out));
  expect(check.language).toBe("ja");
  expect(JSON.parse(await readFile(at("json/check.json"), "utf8"))).toEqual(check);
});

it.each([
  [["check", "--out", "x"], "missing required argument 'clips'"],
  [["check", "none.mp4", "--out", "x"], "no such file or folder: none.mp4"],
  [["check", "clip", "--out", "x", "--language", "fr"], "'fr' is invalid"],
])("%j fails with a word", async (args, message) => {
  const { code, err } = await tsumugiHere(args);
  expect(code).toBe(1);
  expect(err).toContain(message);
});

it("does not write into the clip", async () => {
  const { code, err } = await tsumugiHere(["check", at("a clip"), "--out", at("a clip")]);
  expect(code).toBe(1);
  expect(err).toContain("cannot lie in");
});

it("needs a folder", async () => {
  const { code, err } = await tsumugiHere(["check", at("a clip")]);
  expect(code).toBe(1);
  expect(err).toContain("--out");
});

it("takes a folder of clips, each once, and tells what is missing beside them", async () => {
  await makeImageFolder(root, "footage/monday", 4);
  await makeImageFolder(root, "footage/火曜日", 4);
  const clips = [at("footage"), at("footage/monday"), at("none.mp4")];
  const { code, out } = await tsumugiHere(["check", ...clips, "--out", at("several"), "--json", "--threads", "1"]);
  expect(code).toBe(0);
  const check = checkSchema.parse(JSON.parse(out));
  expect(check.clips.map(({ path, verdict }) => [path, verdict === "unreadable"])).toEqual([
    [at("footage/monday"), false],
    [at("footage/火曜日"), false],
    [at("none.mp4"), true],
  ]);
});
