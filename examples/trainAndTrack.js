// @ts-check
// Trains for a few steps on unlabelled footage and tracks with the new weights. Three steps teach nothing, so
// most objects are lost: good weights take an hour or more.
//   node examples/trainAndTrack.js [folder]
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tsumugi from "tsumugi";

process.stdout.on("error", () => process.exit()); // a reader such as head may have enough

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "tsumugi-")));
const size = { width: 160, height: 96 };
const line = [...tsumugi.renderProductionLine({ ...size, frames: 8 })];

// Footage: videos or folders of images. Here a folder of PNG pictures, which needs no video encoder.
const writer = await tsumugi.openVideoWriter(join(folder, "line.mp4"), { ...size, fps: 24, backend: "png" });
for (const { frame } of line) await writer.write(frame.data);
await writer.finish();

const config = tsumugi.trainingConfig({ variant: "nano", steps: 3, pairs: 2, size: 64, gaps: [1], gapWeights: [1] });
const { step, weights } = await tsumugi.startTraining(config, [writer.path], {
  folder: join(folder, "run"),
  cache: join(folder, "cache"),
});
console.log(`learned ${step} steps: ${weights}`);

const source = await tsumugi.openFrameSource(writer.path);
const encoder = await tsumugi.openEncoder({ weights });
const protocol = tsumugi.resolveProtocol("default");
for await (const { frame, objects } of tsumugi.propagateMasks({ encoder, source, first: line[0].labels, protocol }))
  console.log(`frame ${frame.name}: ${objects.filter(({ visible }) => visible).length} objects visible`);
await encoder[Symbol.asyncDispose]();
await source.close();
