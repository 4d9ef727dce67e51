/** @file A whole inspection of clips made here: which files there are, and what they show. */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { inspectClip, type InspectOptions } from "../../src/inspection/inspectClip.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import { type EncoderWeights, untrainedWeights } from "../../src/method/encoderWeights.ts";
import { valueParameters } from "../../src/method/valueExtraction.ts";
import { resolveProtocol } from "../../src/tracking/protocols.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { initialPartValues } from "../../src/training/objective.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

let root: string;
beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => rm(root, { recursive: true }));

const plain = untrainedWeights("nano");
const withValue: EncoderWeights = {
  ...plain,
  values: new Map([...plain.values, ...initialPartValues(valueParameters, 1)]),
};

/** Frames of 160 × 120: a patch of 48 × 48 that moves by (4, 0) over a ground that stands still; both smooth noise. */
async function movingPatch(name: string, count: number): Promise<string> {
  const random = new Random(4);
  const small = Uint8Array.from({ length: 80 * 60 }, () => random.integer(256));
  const noise = await sharp(small, { raw: { width: 80, height: 60, channels: 1 } })
    .resize(160, 120)
    .raw()
    .toBuffer();
  await mkdir(join(root, name));
  for (let frame = 0; frame < count; frame++) {
    const data = Uint8Array.from({ length: 160 * 120 }, (_, p) => {
      const [x, y] = [p % 160, Math.floor(p / 160)];
      const inside = x - 4 * frame >= 20 && x - 4 * frame < 68 && y >= 30 && y < 78;
      return inside ? noise[(y + 40) * 160 + x - 4 * frame + 70] : noise[p];
    });
    const picture = sharp(data, { raw: { width: 160, height: 120, channels: 1 } }).toColourspace("srgb");
    await picture.png().toFile(join(root, name, `${String(frame).padStart(5, "0")}.png`));
  }
  return join(root, name);
}

async function inspect(clip: string, changes: Partial<InspectOptions> = {}) {
  const out = join(root, `out-${Math.random()}`);
  const weights = changes.weights ?? plain;
  await using source = await openFrameSource(clip);
  await using encoder = await openEncoder({ weights, threads: 1 });
  const protocol = resolveProtocol("default", { memory: { recent: 2 }, radius: { cells: 2 } });
  const choice = { protocol, gap: 2, video: false, threads: 1 };
  const inspection = await inspectClip({ source, encoder, weights, out, ...choice, ...changes });
  return { ...inspection, out, files: (await readdir(out)).sort() };
}

describe("a clip in which a square moves", () => {
  test("gets a picture of each kind and frame, a video, a sheet and a page that names them all", async () => {
    const clip = await makeImageFolder(root, "moving", 8, { size: 64 });
    const { files, notes, frames, page, video, out } = await inspect(clip, {
      weights: withValue,
      frames: [4, 6],
      pixels: [{ x: 20, y: 24 }],
      video: true,
    });
    const views = ["frame", "motion", "value", "outlines", "regions", "features"];
    const expected = ["00004", "00006"].flatMap((name) => [
      ...views.map((view) => `${view}-${name}.png`),
      `candidates-${name}-x20-y24.png`,
      `affinity-${name}-x20-y24.png`,
    ]);
    expect(files).toEqual([...expected, "index.html", "inspect.mp4", "sheet.png"].sort());
    expect(frames).toEqual([4, 6]);
    expect(notes).toEqual([]);
    const html = await readFile(page, "utf8");
    for (const file of expected) expect(html).toContain(`"${file}"`);
    expect(html).not.toContain(root);
    expect(html).not.toMatch(/>[^<]*x20-y24/u);
    expect(html).toContain("Where the pixel at (20, 24) of frame");
    const order = ["affinity-", "What the method computes", "motion-"].map((text) => html.indexOf(text));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(video).toBe(join(out, "inspect.mp4"));
    await using made = await openFrameSource(join(out, "inspect.mp4"));
    expect(made.frameCount).toBe(3);
    for (const view of views) {
      const { width, height } = await sharp(join(out, `${view}-00004.png`)).metadata();
      expect([view, width, height]).toEqual([view, 64, 64]);
    }
  });

  test("its motion glows where the square is and nowhere else", async () => {
    const clip = await movingPatch("seen", 3);
    const { out } = await inspect(clip, { frames: [2] });
    const { data } = await sharp(join(out, "motion-00002.png")).raw().toBuffer({ resolveWithObject: true });
    const colourful = (x: number, y: number) => {
      const pixel = data.subarray(3 * (y * 160 + x), 3 * (y * 160 + x) + 3);
      return Math.max(...pixel) - Math.min(...pixel) > 40;
    };
    expect(colourful(50, 54)).toBe(true);
    for (const [x, y] of [
      [10, 10],
      [110, 60],
      [50, 110],
    ])
      expect(colourful(x, y)).toBe(false);
  });
});

describe("notes for the user", () => {
  test("weights without VEN: no value maps, and nobody is told of maps that nobody asked for", async () => {
    const clip = await makeImageFolder(root, "novalue", 3, { size: 64 });
    const { files, notes } = await inspect(clip, { frames: [2] });
    expect(files.filter((name) => name.startsWith("value"))).toEqual([]);
    expect(notes).toEqual([]);
  });

  test("a still clip: all pictures are written, the centre is explained", async () => {
    const clip = await makeImageFolder(root, "still", 4, { size: 64, moving: false });
    const { files, notes } = await inspect(clip, { frames: [2], weights: withValue });
    expect(notes).toEqual([
      expect.stringMatching(/^beyond the camera and noise, nothing moves in the inspected frames/u),
    ]);
    expect(files).toContain("affinity-00002-x32-y32.png");
    expect(files).toContain("value-00002.png");
  });

  test.each([8, 16, 31])("a clip of %i pixels: smaller than the window, and still drawn", async (size) => {
    const clip = await makeImageFolder(root, `small-${size}`, 3, { size });
    const { files, notes } = await inspect(clip, { weights: withValue });
    const cells = Math.ceil(size / 8);
    expect(notes[0]).toMatch(`frames of ${cells}x${cells} cells are smaller than the search window of 5x5`);
    expect(files).toContain("value-00001.png");
    expect(files).toContain("features-00002.png");
  });

  test("the first frame has no memory and no affinity", async () => {
    const clip = await makeImageFolder(root, "first", 3, { size: 64 });
    const { files } = await inspect(clip, { frames: [0], pixels: [{ x: 1, y: 2 }] });
    expect(files).toContain("candidates-00000-x1-y2.png");
    expect(files.filter((name) => name.startsWith("affinity"))).toEqual([]);
  });

  test("one frame, a frame beyond the end, a pixel outside", async () => {
    const one = await makeImageFolder(root, "one", 1);
    await expect(inspect(one)).rejects.toThrow(/one has only one frame, so nothing can move/u);
    const clip = await makeImageFolder(root, "two", 2);
    await expect(inspect(clip, { frames: [2] })).rejects.toThrow(/no such frame: got frame 2, expected 0 to 1/u);
    await expect(inspect(clip, { pixels: [{ x: 48, y: 0 }] })).rejects.toThrow(/outside the frame: got 48,0/u);
  });
});
