import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDepthFolder } from "../../../src/video/depth/depthFolder.ts";
import { depthOfCells } from "../../../src/video/depth/depthMap.ts";

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), "depth-"))));
afterEach(() => rm(root, { recursive: true }));

const clip = { width: 3, height: 2, frameCount: 3, names: ["00000", "00001", "00002"] };
const png = (values: readonly number[], depth: 8 | 16 = 16, width = 3): Uint8Array =>
  encode({
    width,
    height: values.length / width,
    channels: 1,
    depth,
    data: depth === 16 ? Uint16Array.from(values) : Uint8Array.from(values),
  });
const write = (name: string, bytes: Uint8Array): Promise<void> => writeFile(join(root, name), bytes);

async function three(names: readonly string[], value = 1000): Promise<void> {
  for (const [i, name] of names.entries()) await write(name, png([1, 2, 3, 4, 5, value + i]));
}

describe("a folder of depth", () => {
  it("by the frames' names, or in order", async () => {
    await three(["00002.png", "00001.png", "00000.png"]);
    const named = await openDepthFolder(root, clip);
    expect(await named.at(0)).toEqual({ width: 3, height: 2, data: new Float32Array([1, 2, 3, 4, 5, 1002]) });
    const other = await openDepthFolder(root, { ...clip, names: ["a", "b", "c"] });
    expect((await other.at(0)).data[5]).toBe(1002);
    await rm(root, { recursive: true });
    await mkdir(root);
    await three(["d10.png", "d9.png", "d1.png"]);
    const ordered = await openDepthFolder(root, clip);
    expect([(await ordered.at(0)).data[5], (await ordered.at(2)).data[5]]).toEqual([1002, 1000]);
  });

  it("is known by its contents", async () => {
    await three(["00000.png", "00001.png", "00002.png"]);
    const { fingerprint } = await openDepthFolder(root, clip);
    expect((await openDepthFolder(root, clip)).fingerprint).toBe(fingerprint);
    await write("00001.png", png([9, 9, 9, 9, 9, 9]));
    expect((await openDepthFolder(root, clip)).fingerprint).not.toBe(fingerprint);
  });

  it("refuses what is missing, of another size, or no depth", async () => {
    await expect(openDepthFolder(join(root, "none"), clip)).rejects.toMatchObject({ code: "depth/missing" });
    await expect(openDepthFolder(root, clip)).rejects.toMatchObject({ code: "depth/frames" });
    await three(["00000.png", "00001.png"]);
    await expect(openDepthFolder(root, clip)).rejects.toThrow(/no depth of frame 00002: got 2 files, expected 3/);
    await write("00002.png", png([1, 2, 3, 4], 16, 2));
    await expect(openDepthFolder(root, clip)).rejects.toMatchObject({ code: "depth/size" });
    await write("00002.png", png([1, 2, 3, 4, 5, 6], 8));
    await expect(openDepthFolder(root, clip)).rejects.toThrow(/a PNG of 8 bits/);
    await write("00002.png", Buffer.from("no picture"));
    await expect(openDepthFolder(root, clip)).rejects.toMatchObject({ code: "depth/unreadable" });
  });
});

describe("the depth of cells", () => {
  it("is the median of what is known, never a mean of two layers", () => {
    const width = 6;
    const data = Float32Array.from({ length: width * 3 }, (_, i) => (i % width < 3 ? 1 : i % width === 3 ? 1 : 4));
    const cells = { width: 2, height: 1 };
    expect([...depthOfCells({ width, height: 3, data }, cells)]).toEqual([1, 4]);
    data.fill(0);
    data[4] = Number.NaN;
    data[5] = -1;
    data[0] = 2;
    expect([...depthOfCells({ width, height: 3, data }, cells)]).toEqual([2, Number.NaN]);
  });
});
