/**
 * @file Does late J on made clips, a score without labels, rank settings or weights as the truth does?
 *
 *   node scripts/rankRuns.js MADE.json=SCORES.json MADE.json=SCORES.json …
 *
 * Each pair is one setting: the file of `tsumugi evaluate made` and that of `tsumugi evaluate davis --json` (or `drift`,
 * for J). Prints both scores, how late J differs from the first pair's on the same clips (with the standard error of these
 * differences), and Spearman's rank correlation over the settings. Needs a build.
 */
import { readFileSync } from "node:fs";
import { lateGain } from "../dist/evaluation/drift/madeScore.js";
import { rankCorrelation } from "../dist/metrics/reliability.js";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const pairs = process.argv.slice(2).map((pair) => pair.split("=").map(read));
if (pairs.length < 2 || pairs.some((pair) => pair.length !== 2)) {
  process.stderr.write("usage: node scripts/rankRuns.js MADE.json=SCORES.json MADE.json=SCORES.json …\n");
  process.exit(1);
}

const late = pairs.map(([made]) => made.late.mean);
const truth = pairs.map(([, scores]) => scores.JF_mean ?? scores.mean.free);
process.stdout.write("late J  gain over the first      truth\n");
for (const [i, [made]] of pairs.entries()) {
  const { mean, standardError } = lateGain(pairs[0][0], made);
  const gain = `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`;
  process.stdout.write(`${late[i].toFixed(4)}  ${gain.padStart(18)}  ${truth[i].toFixed(4).padStart(12)}\n`);
}
process.stdout.write(`Spearman's rank correlation: ${rankCorrelation(late, truth).toFixed(2)}\n`);
