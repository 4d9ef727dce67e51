// @ts-check
// Carries the objects of a first mask through a clip and prints where they are.
//   node examples/trackClip.js                            on a rendered production line
//   node examples/trackClip.js clip.mp4 first.png         on your own clip
import {
  frameList,
  openEncoder,
  openFrameSource,
  propagateMasks,
  readLabelMask,
  renderProductionLine,
  resolveMode,
  resolveProtocol,
} from "tsumugi";

process.stdout.on("error", () => process.exit()); // a reader such as head may have enough

const [clip, mask] = process.argv.slice(2);
const line = [...renderProductionLine({ width: 160, height: 96, frames: 8 })];
const rendered = frameList(
  line.map(({ frame }) => frame),
  "production line",
);
const source = clip === undefined ? rendered : await openFrameSource(clip);
const first = mask === undefined ? line[0].labels : await readLabelMask(mask);

const encoder = await openEncoder();
const options = { encoder, source, first, protocol: resolveProtocol("default"), mode: resolveMode("fast") };
for await (const { frame, objects } of propagateMasks(options)) {
  for (const { id, area, centroid, confidence } of objects) {
    const place = centroid === null ? "not visible" : `x ${centroid[0].toFixed(1)}, y ${centroid[1].toFixed(1)}`;
    console.log(`frame ${frame.name}  object ${id}  ${place}  ${area} px  confidence ${confidence.toFixed(2)}`);
  }
}
await encoder[Symbol.asyncDispose]();
await source.close();
