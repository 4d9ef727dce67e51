/**
 * @file Runs both sides of a comparison, each in a process of its own, in turns, so that both run under the same load.
 */
import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type BenchRow, machine, median } from "./row.ts";

const run = promisify(execFile);

/** The checkout, whether this file runs from bench/ or from dist/. */
const root = fileURLToPath(new URL(import.meta.url.includes("/dist/") ? "../../../" : "../", import.meta.url));

/** Where the peers' scripts lie, beside the checkout. */
export const peers = join(root, "../shared/peers");

/** What one process reports as a line of JSON. */
export interface Measured {
  readonly seconds: number;
  readonly rssMb: number;
}

/** A Python with PyTorch ($TSUMUGI_PYTHON, or Debian's), where that and the peers are at hand; else why not. */
export async function findPeer(): Promise<{ python: string } | { missing: string }> {
  const python = process.env["TSUMUGI_PYTHON"] ?? "/usr/bin/python3";
  const found = await access(join(peers, "models.py")).then(
    () => true,
    () => false,
  );
  if (!found) return { missing: "no peer: ../shared/peers is absent" };
  const works = await run(python, ["-c", "import torch"]).then(
    () => true,
    () => false,
  );
  return works ? { python } : { missing: `no peer: ${python} has no torch (set TSUMUGI_PYTHON)` };
}

/** The last line of a process's output as JSON. */
export async function jsonFrom(command: string, args: readonly string[]): Promise<Record<string, number>> {
  const { stdout } = await run(command, [...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split("\n").at(-1) as string) as Record<string, number>;
}

/** Runs one of our own bench scripts in a new process. */
export async function ourProcess(script: string, args: readonly string[]): Promise<Measured> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { seconds, rssMb } = await jsonFrom(process.execPath, [path, ...args]);
  return { seconds, rssMb };
}

/** What is compared. */
export interface Comparison {
  readonly name: string;
  readonly ours: () => Promise<Measured>;
  readonly peer: (python: string) => Promise<Measured>;
  /** Turns of each side; the row has medians of time and of peak memory. */
  readonly turns: number;
}

/** One row; without a peer its fields are null and the note says why. */
export async function compare({ name, ours, peer, turns }: Comparison): Promise<BenchRow> {
  const found = await findPeer();
  const mine: Measured[] = [];
  const theirs: Measured[] = [];
  for (let turn = 0; turn < turns; turn++) {
    if ("python" in found) theirs.push(await peer(found.python));
    mine.push(await ours());
  }
  const middle = (all: readonly Measured[], key: keyof Measured): number => median(all.map((one) => one[key]));
  const base = { name, ours_s: middle(mine, "seconds"), ours_rss_mb: middle(mine, "rssMb"), machine: machine() };
  if ("missing" in found) return { ...base, peer_s: null, ratio: null, peer_rss_mb: null, note: found.missing };
  const peerSeconds = middle(theirs, "seconds");
  return {
    ...base,
    peer_s: peerSeconds,
    ratio: base.ours_s / peerSeconds,
    peer_rss_mb: middle(theirs, "rssMb"),
    note: `memory ours / peer ${(base.ours_rss_mb / middle(theirs, "rssMb")).toFixed(2)}; medians of ${turns} turns`,
  };
}
