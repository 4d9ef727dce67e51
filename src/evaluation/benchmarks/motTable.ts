/** @file Scores of several tracked things as a table for the terminal, in percent as the papers give them. */
import type { MotScore } from "../../metrics/mot/score.ts";
import type { ClipScores } from "./pointFiles.ts";
import { percent, rowsOf, scoreTable } from "./pointTables.ts";

const HEAD = [
  "clip",
  "HOTA",
  "DetA",
  "AssA",
  "LocA",
  "MOTA",
  "MOTP",
  "IDF1",
  "IDP",
  "IDR",
  "switches",
  "fragments",
  "things",
  "tracks",
  "error",
];

/** A row per clip, then all clips together. Lines without a last line break. */
export function motTable({ clips, all }: ClipScores<MotScore>): string {
  return scoreTable(HEAD, rowsOf(clips, cells), ["all clips", ...cells(all)]);
}

function cells({ hota, clear, identity, count }: MotScore): string[] {
  const shares = [hota.hota, hota.detA, hota.assA, hota.locA, clear.mota, clear.motp];
  const counts = [clear.idSwitches, clear.fragments, count.things, count.tracks, count.error];
  return [...[...shares, identity.idf1, identity.idp, identity.idr].map(percent), ...counts.map(String)];
}
