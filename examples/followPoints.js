// @ts-check
// Follows the points of a CSV file through a clip and writes their tracks as CSV.
//   node examples/followPoints.js                                    on a rendered production line
//   node examples/followPoints.js clip.mp4 points.csv tracks.csv     frame,name,x,y in pixels
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tsumugi from "tsumugi";

process.stdout.on("error", () => process.exit()); // a reader such as head may have enough

const folder = await mkdtemp(join(tmpdir(), "tsumugi-"));
const [clip, csv = join(folder, "points.csv"), tracks = join(folder, "tracks.csv")] = process.argv.slice(2);
const line = [...tsumugi.renderProductionLine({ width: 160, height: 96, frames: 8 })];
const rendered = tsumugi.frameList(
  line.map(({ frame }) => frame),
  "production line",
);
const source = clip === undefined ? rendered : await tsumugi.openFrameSource(clip);
if (clip === undefined) await writeFile(csv, "frame,name,x,y\n0,near,41,62\n0,far,55,39\n");

// Labels may belong to several frames; each holds from its frame on.
const { frames: labels } = await tsumugi.readPointLabels(csv);

const encoder = await tsumugi.openEncoder();
const tracker = await tsumugi.Tracker.open({ folder, source, encoder, protocol: tsumugi.resolveProtocol("default") });
await tracker.setLabels(labels.map(({ frame, points = [] }) => ({ frame, points })));
/** @type {tsumugi.FrameAnnotation[]} */
const found = [];
for await (const { frame, points } of tracker.track())
  found.push({ frame: frame.index, timeSec: frame.timeSec, points });
await tsumugi.pointsCsv.write(tracks, { objects: [], frames: found });
console.log(`${found.length} frames with ${found[0].points?.length} points: ${tracks}`);
await tracker[Symbol.asyncDispose]();
await encoder[Symbol.asyncDispose]();
await source.close();
