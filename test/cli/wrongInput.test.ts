import { mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import { isThere, tsumugi } from "./cli.ts";
import { tsumugiHere } from "./here.ts";

const SIZE = 48;
let root: string;
const at = (name: string): string => join(root, name);

async function writeSquare(name: string, size: number, label: number): Promise<void> {
  const data = new Uint8Array(size * size).fill(label, 12 * size, 20 * size);
  await writeMaskPng(at(name), { width: size, height: size, data });
}

async function writeWeights(name: string, values: ReturnType<typeof untrainedWeights>, variant: string): Promise<void> {
  await writeSafetensors(at(name), new Map(values.values), { metadata: { variant } });
}

beforeAll(async () => {
  root = await temporaryFolder();
  await makeImageFolder(root, "clip", 4, { size: SIZE });
  await makeImageFolder(root, "one", 1, { size: SIZE });
  await mkdir(at("empty"));
  await mkdir(at("used"));
  await writeSquare("mask.png", SIZE, 1);
  await writeSquare("small.png", SIZE / 2, 1);
  await sharp({ create: { width: SIZE, height: SIZE, channels: 3, background: "red" } }).toFile(at("colour.png"));
  await writeSquare("nothing.png", SIZE, 0);
  await writeWeights("nano.safetensors", untrainedWeights("nano"), "nano");
  await writeWeights("mislabelled.safetensors", untrainedWeights("nano"), "small");
  const broken = untrainedWeights("nano");
  broken.values.get("conv1.weight")!.data[5] = Number.NaN;
  await writeWeights("nan.safetensors", broken, "nano");
  await writeWeights("torn.safetensors", untrainedWeights("nano"), "nano");
  await truncate(at("torn.safetensors"), 5000);
  for (const name of ["text.mp4", "text.pth", "text.json", "used/checkpoint.bin"])
    await writeFile(at(name), "this is something else\n");
  await writeFile(at("zero.mp4"), "");
  await writeFile(at("split.txt"), "cat\n");
  await writeFile(at("outside.csv"), "frame,name,x,y\n0,nose,10,-3\n0,tail,50,10\n");
  await writeFile(at("nose.csv"), "frame,name,x,y\n0,nose,10,10\n");
  await writeFile(at("via.json"), '{"_via_settings":{},"_via_img_metadata":{}}');
  await writeFile(at("lost.csv"), Buffer.from("frame,name,x,y\n0,\x81,10,10\n", "latin1"));
  await writeFile(at("late.csv"), "frame,name,x,y\n9,nose,10,10\n");
  await writeFile(at("big.json"), JSON.stringify({ boxes: [{ ...corner, name: "car", x: 60 }] }));
});
afterAll(() => rm(root, { recursive: true }));

/** A box. */
const corner = { frame: 0, x: 4, y: 4, width: 8, height: 8 };

/** A case: what is wrong, the arguments (paths are made absolute by `@`), and what the message must say. */
type Case = readonly [what: string, args: string, says: RegExp];

/** The words of a case. */
const words = (args: string): string[] => args.split(" ").map((arg) => (arg.startsWith("@") ? at(arg.slice(1)) : arg));

const track = "track @clip --labels @mask.png --out @out --weights @nano.safetensors --threads 1";
const inspect = "inspect @clip --out @out --weights @nano.safetensors --threads 1";
const train = "train @clip --out @out --cache @cache --threads 1";

const ablate = "ablate @clip --data @empty --split @split.txt --steps 1 --out @out";

const cases: readonly Case[] = [
  ["a missing mask", track.replace("@mask.png", "@none.png"), /no such mask: .*none\.png/],
  ...["none.csv", "none.json", "none.txt", "none.xml"].map((name): Case => [
    `a missing ${name}`,
    track.replace("@mask.png", `@${name}`),
    /no such file of labels: .*none\./,
  ]),
  ["a mask that is no PNG", track.replace("@mask.png", "@text.mp4"), /cannot read the mask .*text\.mp4/],
  [
    "a mask of another size",
    track.replace("@mask", "@small"),
    /small\.png has another size.*got 24x24, expected 48x48/,
  ],
  ["a mask with no object", track.replace("@mask", "@nothing"), /nothing\.png has no object.*only background/],
  ["no mask at all", "track @clip --out @out", /required option '--labels <file>' not specified/],
  [
    "a point outside the frame",
    track.replace("@mask.png", "@outside.csv"),
    /the point "nose" in frame 0 lies outside the frame: got x 10, y -3/,
  ],
  [
    "points beyond the end",
    track.replace("@mask.png", "@late.csv"),
    /late\.csv: .*clip has no such frame: got frame 9, expected 0 to 3/,
  ],
  [
    "points of another frame",
    `${track.replace("@mask.png", "@late.csv")} --start 2`,
    /no visible point and no box in the frame to start from: got labels in frame 9, expected some in frame 2/,
  ],
  [
    "an empty folder of labels",
    track.replace("@mask.png", "@empty"),
    /empty has no mask, no box and no visible point: expected .*; check the path, and that something in it is visible\n/u,
  ],
  ["labels of another tool", track.replace("@mask.png", "@via.json"), /VGG Image Annotator.*export it as COCO/],
  [
    "labels in no encoding",
    track.replace("@mask.png", "@lost.csv"),
    /cannot tell the encoding.*name it with --encoding/,
  ],
  [
    "an encoding that there is not",
    `${track} --encoding klingon`,
    /encoding: got "klingon", expected an encoding such as utf-8/,
  ],
  [
    "a box beyond the frame",
    track.replace("@mask.png", "@big.json"),
    /the box "car" in frame 0 lies outside the frame/,
  ],
  ["points that are no JSON", track.replace("@mask.png", "@text.json"), /text\.json is not JSON/],
  ["an unknown option", `${track} --memroy 3`, /unknown option '--memroy'\n\(Did you mean --memory\?\)/],
  ["an unknown command", "trakc clip.mp4", /unknown command 'trakc'\n\(Did you mean track\?\)/],
  [
    "an unknown protocol",
    `${track} --protocol MASK`,
    /track: protocol: got "MASK", expected one of .*did you mean mast\?/,
  ],
  [
    "a radius that is no number",
    `${track} --radius wide`,
    /--radius <cells>' argument 'wide' is invalid. Expected a number/,
  ],
  ["too many threads", `${track} --threads 1000`, /Expected a whole number from 1 to 256/],
  ["a start beyond the end", `${track} --start 4`, /clip has no such frame: got frame 4, expected 0 to 3/],
  ["a mask beyond the end", track.replace("@mask.png", "@mask.png@7"), /no such frame: got frame 7, expected 0 to 3/],
  ["an object twice in a frame", `${track} --labels @mask.png`, /mask\.png: the object 1 is given twice/],
  ["an empty range", `${track} --range 2:2`, /the range to track is empty: got 2:2, expected A:B/],
  ["a range beyond the end", `${track} --range 1:9`, /goes beyond .*clip: got 1:9, expected .*B <= 4/],
  ["a range that is none", `${track} --range 9`, /argument '9' is invalid. Expected A:B/],
  [
    "a range without labels",
    `${track} --range 2:4`,
    /no labelled frame lies in the range to track: got labels in frame 0/,
  ],
  ["an end of nothing", `${track} --end 2`, /argument '2' is invalid. Expected ID@FRAME/],
  [
    "directions of a stream",
    "track - --labels @mask.png --out @out --direction both",
    /live source: --direction cannot be/,
  ],
  ["direct matching of masks", `${track} --method direct`, /--method direct follows points of one frame/],
  ["a negative start", `${track} --start -1`, /Expected a whole number from 0/],
  [
    "a missing video, whatever its labels are",
    track.replace("@clip", "@none.mp4"),
    /^error: no such file or folder: .*none\.mp4/,
  ],
  [
    "a missing video before anything is said of a mask in colour",
    track.replace("@clip", "@none.mp4").replace("@mask", "@colour"),
    /^error: no such file or folder/,
  ],
  ["an unreadable video", track.replace("@clip", "@text.mp4"), /cannot read .*text\.mp4 as a video/],
  ["a video of 0 bytes", track.replace("@clip", "@zero.mp4"), /zero\.mp4 is an empty file/],
  ["an empty folder", track.replace("@clip", "@empty"), /the folder .*empty has no images/],
  [
    "missing weights",
    track.replace("@nano", "@none"),
    /cannot read the weights .*none\.safetensors: there is no such file/,
  ],
  ["weights that are none", track.replace("@nano.safetensors", "@text.pth"), /text\.pth holds no weights/],
  ["weights that are cut off", track.replace("@nano", "@torn"), /torn\.safetensors is not a valid safetensors file/],
  [
    "weights of another variant",
    track.replace("@nano", "@mislabelled"),
    /do not fit the encoder .*as variant small.*missing/,
  ],
  ["weights with NaN", track.replace("@nano", "@nan"), /nan\.safetensors cannot be used: conv1\.weight: got NaN/],
  [
    "weights of another variant than asked for",
    "weights @nano.safetensors --variant crw --out @out",
    /holds weights of another variant: got nano, expected crw/,
  ],
  ["review of nothing", "review @none", /none holds no results of tsumugi track: got no folder/],
  ["review of another folder", "review @empty", /empty holds no results of tsumugi track: got neither/],
  ["review without places", "review @out --most 0", /argument '0' is invalid/],
  ["inspect without a folder", "inspect @clip", /required option '--out <dir>' not specified/],
  ["inspect a clip of one frame", inspect.replace("@clip", "@one"), /one has only one frame/],
  ["inspect a frame beyond the end", `${inspect} --frames 1,4`, /no such frame: got frame 4, expected 0 to 3/],
  ["inspect frames that are none", `${inspect} --frames 1,,2`, /argument '1,,2' is invalid. Expected frame indices/],
  ["inspect steps beyond the end", `${inspect} --every 9`, /every 9th frame leaves no frame/],
  ["inspect both frames and steps", `${inspect} --every 2 --frames 1`, /--frames and --every both/],
  ["inspect a pixel outside", `${inspect} --pixel 3,48`, /outside the frame: got 3,48, expected 0,0 to 47,47/],
  ["inspect half a pixel", `${inspect} --pixel 3`, /argument '3' is invalid. Expected x,y in whole pixels/],
  ["train without footage", "train --out @out --minutes 1", /no footage: expected videos/],
  ["train without a folder", "train @clip --minutes 1", /no run folder: expected --out DIR/],
  ["train without a length", train, /steps, minutes: give one of both/],
  ["train with two lengths", `${train} --minutes 1 --steps 3`, /steps, minutes: give one of both/],
  ["train with an unknown key", `${train} --steps 1 --set speed=3`, /not valid[^]*speed/],
  ["train with a value out of range", `${train} --steps 1 --set pairs=0`, /not valid[^]*pairs/],
  ["train with half a key", `${train} --steps 1 --set pairs`, /--set pairs: expected key=value/],
  [
    "train with a key in a value",
    `${train} --steps 1 --set crop=1 --set crop.kind=squash`,
    /crop has no keys of its own: got 1/,
  ],
  ["train with a strange key", `${train} --steps 1 --set __proto__.size=3`, /not valid[^]*__proto__/],
  [
    "train with a configuration that is none",
    `${train} --steps 1 --config @text.json`,
    /cannot read the configuration .*text\.json/,
  ],
  ["train into a folder in use", "train @clip --steps 1 --out @used", /used already holds a run.*--resume/],
  ["train on footage that is not there", "train @none --steps 1 --out @out", /none does not exist/],
  ["train on an empty folder", "train @empty --steps 1 --out @out", /no clips under .*empty/],
  [
    "train on nothing that can be read",
    "train @text.mp4 --steps 1 --out @out --cache @cache",
    /the clip cannot be read/,
  ],
  [
    "train on clips that are too short",
    `${train} --steps 1 --set gaps=[9] --set gapWeights=[1]`,
    /every clip is too short.*more than 9/,
  ],
  ["resume where no run is", "train --resume @empty", /empty holds no run to resume/],
  ["resume with settings", "train @clip --resume @empty --steps 9", /--resume continues a run .*got --steps, .*clip/],
  ["half of what a score needs", `${train} --steps 1 --score-data @clip`, /only one of --score-data and --score-split/],
  ["ablate on sequences that are not there", ablate, /no truth for the sequence cat/],
  [
    "ablate with half a set",
    `${ablate} --also cars=CDnet:240p`,
    /argument 'cars=CDnet:240p' is invalid\. Expected NAME=ROOT:RES:SPLIT/,
  ],
  [
    "ablate with one name for two sets",
    `${ablate} --also a=x:y:z --also a=u:v:w`,
    /argument 'a=u:v:w' is invalid\. The name a is taken/,
  ],
  ["ablate with a split of joints alone", `${ablate} --jhmdb-split @split.txt`, /--jhmdb-split without --jhmdb/],
  [
    "clusters without a memory",
    `${track.replace("@mask.png", "@nose.csv")} --method direct --candidates clusters`,
    /--method direct follows points of one frame/,
  ],
  [
    "a benchmark that is not there",
    "evaluate davis --data @empty --split @split.txt --out @out --baseline copy-first",
    /no frames of the sequence cat/,
  ],
  [
    "joints that are not there",
    "evaluate jhmdb --data @empty --out @out --baseline copy-first",
    /there are no annotated joints in .*JHMDB/,
  ],
  ["points that are not there", "score pck --pred @none --truth @none", /cannot open .*none/],
  ["masks that are not there", "score davis --pred @none --truth @none", /no such folder: .*none/],
];

describe("wrong input is named in one message, without a stack trace, and nothing is made", () => {
  it.each(cases)("%s", async (_, args, says) => {
    const { code, err } = await tsumugiHere(words(args));
    expect(err).toMatch(says);
    expect(err).toMatch(/^(warning: .*\n|footage.*\n)*error: /);
    expect(err).not.toMatch(/\n +at |internal:/);
    expect(code).toBe(1);
    expect(await isThere(at("out"))).toBe(false);
  });

  it("so it is in a process of its own", async () => {
    const args = words(track.replace("@mask", "@small"));
    expect(await tsumugi(args)).toEqual(await tsumugiHere(args));
  });
});
