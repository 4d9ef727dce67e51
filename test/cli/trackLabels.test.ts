/** @file `tsumugi track` with points and with boxes, on a small clip and an untrained encoder. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readPointLabels } from "../../src/formats/registry.ts";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { encodedIn } from "../formats/encoded.ts";
import { flatBoxes, flatPoints } from "../formats/flat.ts";
import { makeImageFolder } from "../training/footage.ts";
import { smallClip } from "./smallClip.ts";

const { root, at, track: runTrack } = smallClip();

async function track(labels: string, ...more: readonly string[]): Promise<string> {
  return (await run(labels, ...more)).out;
}

/** What it says on stdout, and on stderr. */
async function run(labels: string, ...more: readonly string[]): Promise<{ out: string; err: string }> {
  const { code, out, err } = await runTrack([labels], more);
  expect(err).not.toContain("error");
  expect(code).toBe(0);
  return { out, err };
}

describe("tsumugi track", () => {
  it("points of one frame by direct matching", async () => {
    await writeFile(at("points.csv"), "frame,name,x,y,visible\n0,a,1,1,0\n1,a,15,24,1\n1,b,40,40,1\n2,a,0,0,1\n");
    const out = await track("points.csv", "--method", "direct", "--start", "1");
    expect(out).toContain(`points: ${at("out/points.csv")}`);
    const points = flatPoints(await readPointLabels(at("out/points.csv")));
    expect(points.map(({ frame, name }) => `${frame}${name}`)).toEqual(["1a", "1b", "2a", "2b", "3a", "3b"]);
    expect(points[0]).toEqual({ frame: 1, name: "a", x: 15, y: 24, visible: true, confidence: 1 });
    const { settings } = JSON.parse(await readFile(at("out/summary.json"), "utf8"));
    expect(settings).toMatchObject({ method: "direct", protocolName: "default", threads: 1 });
  });

  it("points and a mask of several frames, in both directions", async () => {
    await writeFile(at("many.csv"), "frame,name,x,y\n0,a,14,24\n3,a,17,24\n");
    const data = new Uint8Array(48 * 48).fill(2, 48 * 16, 48 * 30);
    await writeMaskPng(at("mask.png"), { width: 48, height: 48, data });
    const options = ["--labels", `${at("mask.png")}@1`, "--direction", "both", "--end", "2@3"];
    const out = await track("many.csv", ...options);
    expect(out).toContain("tracked 4 frames");
    const points = flatPoints(await readPointLabels(at("out/points.csv")));
    expect(points.map(({ frame }) => frame)).toEqual([0, 1, 2, 3]);
    expect((await readMaskPng(at("out/masks/00001.png"))).data).toEqual(data);
    expect((await readMaskPng(at("out/masks/00003.png"))).data.every((id) => id === 0)).toBe(true);
    expect(await track("many.csv", ...options)).toContain("nothing to do: all 4 frames are tracked already");
  });

  it("masks fast, points exactly, and in a session what it was begun with", async () => {
    const modeName = async () => JSON.parse(await readFile(at("out/summary.json"), "utf8")).settings.modeName;
    const data = new Uint8Array(48 * 48).fill(1, 48 * 16, 48 * 30);
    await writeMaskPng(at("first.png"), { width: 48, height: 48, data });
    await writeFile(at("one.csv"), "frame,name,x,y\n0,a,14,24\n");
    await track("first.png");
    expect(await modeName()).toBe("fast");
    await track("first.png", "--labels", at("one.csv"));
    expect(await modeName()).toBe("fast");
    expect(flatPoints(await readPointLabels(at("out/points.csv"))).length).toBe(4);
    await rm(at("out"), { recursive: true });
    await track("one.csv");
    expect(await modeName()).toBe("exact");
  });

  it("large frames shrunk, with a word how to keep their size", async () => {
    await makeImageFolder(root(), "large", 2, { size: 660 });
    await writeFile(at("large.csv"), "frame,name,x,y\n0,a,14,24\n");
    const said = "frames of 660x660 are encoded at 640x640; --short-side 660 keeps their size";
    const { code, err } = await runTrack(["large.csv"], [], "large");
    expect([code, err.split(said).length - 1]).toEqual([0, 1]);
    const direct = await runTrack(["large.csv"], ["--method", "direct"], "large", "out/direct");
    expect([direct.code, direct.err.split(said).length - 1]).toEqual([0, 1]);
    await rm(at("out"), { recursive: true });
    const asked = await runTrack(["large.csv"], ["--short-side", "660"], "large");
    expect([asked.code, asked.err.includes("encoded at")]).toEqual([0, false]);
  });

  it("boxes, as masks whose boxes are written", async () => {
    const boxes = [
      { frame: 0, name: "square", x: 5, y: 15, width: 18, height: 18 },
      { frame: 0, name: "corner", x: 40, y: 0, width: 8, height: 8 },
    ];
    await writeFile(at("boxes.json"), JSON.stringify({ boxes }));
    expect(await track("boxes.json", "--boxes", "exact")).toContain(`boxes: ${at("out/boxes.csv")}`);
    const written = flatBoxes(await readPointLabels(at("out/boxes.csv")));
    expect(written.filter(({ frame }) => frame === 0)).toEqual(boxes.map((box) => ({ ...box, confidence: 1 })));
    expect(new Set(written.map(({ frame }) => frame))).toEqual(new Set([0, 1, 2, 3]));
  });

  it("boxes are refined; the same command finds everything done, another shape tracks again", async () => {
    await writeFile(at("disc.csv"), "frame,name,x,y,width,height\n0,disc,4,12,24,24\n");
    const pixels = async () => (await readMaskPng(at("out/masks/00000.png"))).data.reduce((sum, id) => sum + id, 0);
    const boxes = async () => JSON.parse(await readFile(at("out/session.json"), "utf8")).boxes;
    await track("disc.csv");
    expect(await pixels()).toBeLessThan(0.85 * 24 * 24);
    expect(await boxes()).toBe("refine");
    expect(await track("disc.csv")).toContain("nothing to do");
    expect(await track("disc.csv", "--boxes", "exact")).toContain("tracked 4 frames");
    expect([await pixels(), await boxes()]).toEqual([24 * 24, "exact"]);
    // Without the option a session keeps its own shape.
    expect(await track("disc.csv")).toContain("nothing to do");
  });
});

/** The points of frame 0 in the results. */
const named = async () => flatPoints(await readPointLabels(at("out/points.csv"))).filter(({ frame }) => frame === 0);

describe("tsumugi track with labels of other programs", () => {
  it("names in Shift-JIS and decimal commas; a guess is told, a named encoding is not", async () => {
    await writeFile(at("sjis.csv"), encodedIn("shift_jis", "frame;name;x;y;\r\n0;左手;14,5;24,25;\r\n"));
    const { err } = await run("sjis.csv");
    expect(err).toContain("sjis.csv is not UTF-8: read as shift_jis, which is a guess");
    expect(await named()).toMatchObject([{ name: "左手", x: 14.5, y: 24.25 }]);
    expect(await readFile(at("out/tracks.csv"), "utf8")).toContain("左手");
    await rm(at("out"), { recursive: true });
    expect((await run("sjis.csv", "--encoding", "sjis")).err).not.toContain("guess");
    expect(await named()).toMatchObject([{ name: "左手" }]);
  });

  it("boxes of a COCO file by picture, clipped to the frame", async () => {
    const images = [{ id: 7, file_name: "00001.png", width: 48, height: 48 }];
    const annotations = [
      { image_id: 7, category_id: 1, bbox: [-4, 15, 26, 18] },
      { image_id: 7, category_id: 2, bbox: [90, 15, 26, 18] },
    ];
    const categories = [
      { id: 1, name: "disc" },
      { id: 2, name: "ghost" },
    ];
    await writeFile(at("coco.json"), JSON.stringify({ images, annotations, categories }));
    const { err } = await run("coco.json", "--boxes", "exact");
    expect(err).toContain('clipped to the frame of 48x48: the box "disc" in frame 1 (x -4, y 15, width 26, height 18)');
    expect(err).toContain('left out, beyond the frame of 48x48: the box "ghost" in frame 1');
    const [first] = flatBoxes(await readPointLabels(at("out/boxes.csv")));
    expect(first).toMatchObject({ frame: 1, name: "disc", x: 0, y: 15, width: 22, height: 18 });
  });

  it("predictions of DeepLabCut from one frame", async () => {
    const header = "scorer,DLC,DLC,DLC\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\n";
    await writeFile(at("dlc.csv"), `${header}0,13.5,23.5,0.99\n1,14.5,23.5,0.98\n`);
    await run("dlc.csv", "--start", "0");
    expect(await named()).toMatchObject([{ name: "nose", x: 14, y: 24 }]);
  });
});
