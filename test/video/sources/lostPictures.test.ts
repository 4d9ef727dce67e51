import { expect, test } from "vitest";
import { lostPictures, type StreamPass } from "../../../src/video/sources/lostPictures.ts";
import { warnIfIncomplete, warnOfTracks } from "../../../src/video/sources/videoErrors.ts";

const pass = (given: Partial<StreamPass>): StreamPass => ({
  codec: "h264",
  interlaced: false,
  packetSec: [0, 0.08, 0.04, 0.12],
  pictureSec: [0, 0.04, 0.08, 0.12],
  ...given,
});

test("nothing is lost where every packet became a picture, in whatever order", () => {
  expect(lostPictures(pass({}))).toEqual([]);
});

test("the times of what is missing, ascending", () => {
  expect(lostPictures(pass({ pictureSec: [0, 0.12] }))).toEqual([0.04, 0.08]);
});

test.each([
  ["a time is missing among packets", { packetSec: [0, Number.NaN], pictureSec: [0] }],
  ["a time is missing among pictures", { packetSec: [0, 1], pictureSec: [Number.NaN] }],
  ["fields may be packets of their own", { interlaced: true, pictureSec: [0] }],
  ["the codec has frames that are not shown", { codec: "vp8", pictureSec: [0] }],
])("nothing is said where %s", (_, given) => {
  expect(lostPictures(pass(given))).toEqual([]);
});

function warningsOf(given: Partial<Parameters<typeof warnIfIncomplete>[1]>): string[] {
  const lines: string[] = [];
  const usual = { damaged: 0, lostSec: [], statedSec: 2, timesSec: Float64Array.of(0, 1), lastSec: 1 };
  warnIfIncomplete("a.mp4", { ...usual, ...given }, { info() {}, progress() {}, warn: (line) => lines.push(line) });
  return lines;
}

test("a warning says how many pictures are lost, and where", () => {
  expect(warningsOf({ lostSec: [0.04, 0.5] })).toEqual([
    "a.mp4 is damaged: 2 of 4 pictures could not be decoded, between 0.04 s and 0.50 s; the clip has 2 frames",
  ]);
  expect(warningsOf({ lostSec: [0.04] })[0]).toContain("1 of 3 pictures could not be decoded, at 0.04 s");
});

test("a long last frame is no sign of a cut file", () => {
  expect(warningsOf({ statedSec: 3, lastSec: 2 })).toEqual([]);
  expect(warningsOf({ statedSec: 3, lastSec: 0.1 })[0]).toContain("seems cut off");
});

test("several video tracks are pointed out", () => {
  const lines: string[] = [];
  const logger = { info() {}, progress() {}, warn: (line: string): unknown => lines.push(line) };
  warnOfTracks("a.mkv", 1, logger);
  warnOfTracks("a.mkv", 2, logger);
  expect(lines).toEqual(["a.mkv has 2 video tracks: the first one is read"]);
});
