// @ts-check
// A session: tracks half a clip, stops, resumes, then corrects one frame. Its folder keeps everything.
//   node examples/correctSession.js [folder]
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { frameList, openEncoder, renderProductionLine, resolveMode, resolveProtocol, Tracker } from "tsumugi";

process.stdout.on("error", () => process.exit()); // a reader such as head may have enough

const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "tsumugi-")));
const line = [...renderProductionLine({ width: 160, height: 96, frames: 8 })];
const source = frameList(
  line.map(({ frame }) => frame),
  "production line",
);
const encoder = await openEncoder();
const options = { folder, source, encoder, protocol: resolveProtocol("default"), mode: resolveMode("fast") };

const tracker = await Tracker.open(options);
await tracker.addLabel({ frame: 0, mask: line[0].labels });
for await (const { frame } of tracker.track()) if (frame.index === 3) break;
console.log(`stopped after frame 3, the session is ${tracker.state}`);
await tracker[Symbol.asyncDispose]();

// The process may end here: another one can resume where it stopped.
const resumed = await Tracker.open(options);
for await (const { frame } of resumed.resume()) console.log(`resumed: frame ${frame.index}`);

// The truth of frame 5 stands for a hand-drawn mask: only frames that depend on it are tracked again.
for await (const { frame } of resumed.correct({ frame: 5, mask: line[5].labels }))
  console.log(`corrected: frame ${frame.index}`);
console.log(`the session is ${resumed.state}, its masks are in ${join(folder, "masks")}`);
await resumed[Symbol.asyncDispose]();
await encoder[Symbol.asyncDispose]();
