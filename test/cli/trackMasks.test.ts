/** @file `tsumugi track` with masks of other tools, and with folders that hold more than frames. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { makeImageFolder } from "../training/footage.ts";
import { within } from "../within.ts";
import { smallClip } from "./smallClip.ts";

const SIDE = 48;
const { at, root, track } = smallClip();

const isObject = (pixel: number): boolean => Math.hypot((pixel % SIDE) - 24, Math.floor(pixel / SIDE) - 24) < 10;
const pixels = Array.from({ length: SIDE * SIDE }, (_, i) => i);

async function rgb(name: string, colour: (pixel: number) => readonly number[]): Promise<void> {
  const data = Uint8Array.from(pixels.flatMap(colour));
  await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(at(name));
}

describe("masks of other tools", () => {
  it("a blurred mask is one object, and that is said", async () => {
    const white = Uint8Array.from(pixels, (pixel) => (isObject(pixel) ? 255 : 0));
    const picture = sharp(white, { raw: { width: SIDE, height: SIDE, channels: 1 } });
    await picture.blur(1).toColourspace("b-w").png().toFile(at("soft.png"));
    const { code, err } = await track(["soft.png"]);
    expect(code).toBe(0);
    expect(err).toMatch(/soft\.png has soft edges/);
    expect(err).toContain("tracking 1 object from");
    const { data } = await readMaskPng(at("out/masks/00000.png"));
    const wrong = pixels.filter((pixel) => (data[pixel] === 1) !== isObject(pixel));
    expect(wrong.length).toBeLessThan(12);
  });

  it("colours keep their ids in the masks of further frames", async () => {
    const [black, orange, teal] = [
      [0, 0, 0],
      [250, 130, 10],
      [5, 120, 125],
    ];
    await rgb("both.png", (pixel) => (isObject(pixel) ? (pixel % SIDE < 24 ? orange : teal) : black));
    await rgb("teal.png", (pixel) => (isObject(pixel) ? teal : black));
    const { code, err } = await track(["both.png", "teal.png@2"]);
    expect([code, err]).toEqual([0, expect.stringContaining("every colour but black is an object")]);
    const first = await readMaskPng(at("out/masks/00000.png"));
    const corrected = await readMaskPng(at("out/masks/00002.png"));
    const tealPixel = 24 * SIDE + 30;
    expect(first.data[tealPixel]).toBeGreaterThan(0);
    expect(corrected.data[tealPixel]).toBe(first.data[tealPixel]);
  });

  it("a photo is refused, and nothing is written", async () => {
    await rgb("photo.png", (pixel) => [0, 1, 2].map((channel) => (pixel * 7919 * (channel + 1)) % 251));
    const { code, err } = await track(["photo.png"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/photo\.png.*indexed \(palette\) PNG/s)]);
    await expect(readdir(at("out"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("folders that hold more than frames", () => {
  it("the mask among the frames is no frame, a further one is pointed out", async () => {
    await makeImageFolder(root(), "crowded", 6);
    const data = Uint8Array.from(pixels, (pixel) => (isObject(pixel) ? 1 : 0));
    await writeMaskPng(at("crowded/first.png"), { width: SIDE, height: SIDE, data });
    const alone = await track(["crowded/first.png"], [], "crowded");
    expect(alone.code).toBe(0);
    expect(alone.err).not.toContain("named unlike");
    expect(await readdir(at("out/masks"))).toHaveLength(6);
    await rm(at("out"), { recursive: true });
    await copyFile(at("crowded/first.png"), at("mask.png"));
    const other = await track(["mask.png"], [], "crowded");
    expect(other.err).toMatch(/1 image named unlike the rest.*\(first\)/);
  });

  it("pictures that cannot be read are named", async () => {
    await makeImageFolder(root(), "mixed", 4);
    await writeFile(at("mixed/00001x.bmp"), "BM");
    const data = Uint8Array.from(pixels, (pixel) => (isObject(pixel) ? 1 : 0));
    await writeMaskPng(at("mask.png"), { width: SIDE, height: SIDE, data });
    const { err } = await track(["mask.png"], [], "mixed");
    expect(err).toMatch(/left out 1 picture of .* \(00001x\.bmp\).*other 4/);
  });

  it("results in the folder of the frames are refused, whatever its name is written like", async () => {
    const data = Uint8Array.from(pixels, (pixel) => (isObject(pixel) ? 1 : 0));
    await writeMaskPng(at("mask.png"), { width: SIDE, height: SIDE, data });
    const before = await readdir(at("clip"));
    const { code, err } = await track(["mask.png"], [], "clip", "out/../clip/");
    expect([code, err]).toEqual([1, expect.stringMatching(/results cannot lie in .*clip/)]);
    expect(await readdir(at("clip"))).toEqual(before);
    expect(await readFile(at("mask.png"))).toBeTruthy();
  });
});

it("results that cannot be written end the command: no thread stays behind", async () => {
  const data = Uint8Array.from(pixels, (pixel) => (isObject(pixel) ? 1 : 0));
  await writeMaskPng(at("mask.png"), { width: SIDE, height: SIDE, data });
  await mkdir(at("out/summary.json"), { recursive: true });
  const { code } = await within(60_000, track(["mask.png"]));
  expect(code).toBe(1);
});
