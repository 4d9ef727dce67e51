// @ts-check
// Scores masks against the truth: region similarity J, boundary accuracy F and their mean, as DAVIS defines them.
//   node examples/scoreMasks.js                        a rendered clip, its first mask copied to every frame
//   node examples/scoreMasks.js predictions truth      folders with one folder of masks for each sequence
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderProductionLine, scoreDavisFolders, writeMaskPng } from "tsumugi";

process.stdout.on("error", () => process.exit()); // a reader such as head may have enough

const folder = await mkdtemp(join(tmpdir(), "tsumugi-"));
const [prediction = join(folder, "copied"), truth = join(folder, "truth")] = process.argv.slice(2);
if (process.argv.length === 2) {
  const line = [...renderProductionLine({ width: 160, height: 96, frames: 8 })];
  for (const { frame, labels } of line) {
    await writeMaskPng(join(truth, "line", `${frame.name}.png`), labels);
    await writeMaskPng(join(prediction, "line", `${frame.name}.png`), line[0].labels);
  }
}

const { JF_mean, J, F, sequences } = await scoreDavisFolders({ prediction, truth }, {});
for (const [name, { JF_mean, objects }] of Object.entries(sequences)) {
  console.log(`${name}: J&F ${JF_mean.toFixed(3)}`);
  for (const [id, { J_mean, F_mean }] of Object.entries(objects))
    console.log(`  object ${id}: J ${J_mean.toFixed(3)}, F ${F_mean.toFixed(3)}`);
}
console.log(`all: J&F ${JF_mean.toFixed(3)}, J ${J.mean.toFixed(3)}, F ${F.mean.toFixed(3)}`);
