/**
 * @file Two ways to bring the sampler into the graph: a log-prior on the whole window (ours), or M gathered candidates
 * a query (in the peer's columns). Also what the prior costs beside the plain window.
 */
import { fileURLToPath } from "node:url";
import { jsonFrom } from "./peer.ts";
import { type BenchRow, machine, median } from "./row.ts";

/** Passes measured in a turn, and turns of each form. */
const [PASSES, TURNS] = [5, 3];
/** Candidates a query that are gathered; the window has 169. */
const GATHERED = [16, 32, 64];

/** A row for the plain window and one for each number of gathered candidates, against the masked window. */
export async function sampledCandidatesBench(): Promise<BenchRow[]> {
  const names = ["masked", "window", ...GATHERED.map(String)];
  const turns: Record<string, Record<string, number>[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let turn = 0; turn < TURNS; turn++) for (const name of names) turns[name].push(await measured(name));
  return names.slice(1).map((name) => row(name, turns));
}

function measured(form: string): Promise<Record<string, number>> {
  const script = fileURLToPath(new URL("./sampledCandidatesForm.js", import.meta.url));
  return jsonFrom(process.execPath, [script, form, String(PASSES)]);
}

function row(name: string, turns: Readonly<Record<string, readonly Record<string, number>[]>>): BenchRow {
  const middle = (form: string, key: string): number => median(turns[form].map((turn) => turn[key]));
  const against = name === "window" ? "the plain window" : `${name} gathered candidates`;
  return {
    name: `sampler's prior on the window / ${against}`,
    ours_s: middle("masked", "seconds"),
    peer_s: middle(name, "seconds"),
    ratio: middle("masked", "seconds") / middle(name, "seconds"),
    ours_rss_mb: middle("masked", "rssMb"),
    peer_rss_mb: middle(name, "rssMb"),
    machine: machine(),
    note: `CPU seconds ${middle("masked", "cpuSeconds").toFixed(3)} / ${middle(name, "cpuSeconds").toFixed(3)}; medians of ${TURNS} turns`,
  };
}
