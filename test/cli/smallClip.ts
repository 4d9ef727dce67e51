/** @file A clip of four small frames and untrained weights, for tests that run `tsumugi track`. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";
import type { Ended } from "./cli.ts";
import { tsumugiHere } from "./here.ts";

/** The clip's folder `clip`, 48x48, and commands on it. */
export interface SmallClip {
  /** The folder that everything lies in. */
  readonly root: () => string;
  readonly at: (name: string) => string;
  /** Tracks a video of the folder from files of it, by default `clip` into `out`. */
  readonly track: (labels: readonly string[], more?: readonly string[], video?: string, out?: string) => Promise<Ended>;
}

/** Made before the tests of the file, removed after them; `out` is emptied after each. */
export function smallClip(): SmallClip {
  let root: string;
  const at = (name: string): string => join(root, name);
  beforeAll(async () => {
    root = await temporaryFolder();
    await makeImageFolder(root, "clip", 4);
    const { values } = untrainedWeights("nano");
    await writeSafetensors(at("nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  });
  afterEach(() => rm(at("out"), { recursive: true, force: true }));
  afterAll(() => rm(root, { recursive: true }));
  return {
    root: () => root,
    at,
    track(labels, more = [], video = "clip", out = "out") {
      const flags = labels.flatMap((name) => ["--labels", at(name)]);
      const quick = ["--weights", at("nano.safetensors"), "--threads", "1", "--no-overlay", "--no-pictures"];
      return tsumugiHere(["track", at(video), ...flags, "--out", at(out), ...quick, ...more]);
    },
  };
}
