/**
 * A disk that gets full at any moment of a site's steps: the error says so, nothing is half-written, and the same step
 * ends as if nothing had happened once there is space again. The disk is Node's own functions with so many bytes left, since
 * not everyone may mount a small one (`test/cli/stopped.test.ts` does, where it can).
 */
import type { FileHandle } from "node:fs/promises";
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_WEIGHTS } from "../../src/method/node/weightsFile.ts";
import { addModel, readModels, weightsState } from "../../src/site/models.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { halfWritten, isThere } from "../cli/cli.ts";
import { temporaryFolder } from "../training/footage.ts";
import { label, plan, report, type SmallSite, smallSite, track } from "./smallSite.ts";

/** Bytes that the disk still takes, and those that were written to it. */
const disk = vi.hoisted(() => ({ free: Infinity, written: 0 }));

function full(): Error {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

/** Takes what fits. @returns how many bytes that is */
function take(wanted: number): number {
  const taken = Math.min(wanted, disk.free);
  disk.free -= taken;
  disk.written += taken;
  return taken;
}

/** A handle whose writes end where the disk does. */
function limited(handle: FileHandle): FileHandle {
  const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
  const whole = async (data: string | Uint8Array): Promise<void> => {
    const bytes = Buffer.from(data as Uint8Array);
    const fits = take(bytes.length);
    for (let at = 0; at < fits;) at += (await write(bytes, at, fits - at)).bytesWritten;
    if (fits < bytes.length) throw full();
  };
  const part = async (bytes: Uint8Array, at = 0, length = bytes.length - at, position: number | null = null) => {
    const fits = take(length);
    if (fits === 0 && length > 0) throw full();
    return write(bytes, at, fits, position);
  };
  return Object.assign(handle, { writeFile: whole, appendFile: whole, write: part });
}

vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => limited(await real.open(...args)),
    copyFile: async (from: string, to: string) => {
      const { size } = await real.stat(from);
      if (take(size) < size) throw full();
      await real.copyFile(from, to);
    },
  };
});

let planned: SmallSite;
let tracked: SmallSite;
let root: string;
beforeAll(async () => {
  planned = await smallSite();
  tracked = await smallSite();
  await label(tracked.site, ({ clip }) => clip === "clip");
  await track(tracked.site, 0);
});
afterAll(() => Promise.all([planned, tracked].map((one) => rm(one.root, { recursive: true }))));
beforeEach(async () => {
  root = await temporaryFolder();
});
afterEach(() => rm(root, { recursive: true }));

/** A copy of a site, with the same footage. */
async function copyOf({ site }: SmallSite, name: string): Promise<string> {
  await cp(site, join(root, name), { recursive: true });
  return join(root, name);
}

/** Does something on a disk with so many bytes left. @returns how many it wrote */
async function onDisk(free: number, work: () => Promise<unknown>): Promise<number> {
  Object.assign(disk, { free, written: 0 });
  try {
    await work();
    return disk.written;
  } finally {
    disk.free = Infinity;
  }
}

/** All that is in a site's folder can be read: nothing is half-written but the last line of the history. */
async function expectWhole(site: string): Promise<void> {
  expect(await halfWritten(site)).toEqual([]);
  const names = await readdir(site, { recursive: true });
  for (const name of names.filter((one) => one.endsWith(".json"))) JSON.parse(await readFile(join(site, name), "utf8"));
  const folder = new SiteFolder(site);
  await folder.read();
  for (const model of await readModels(folder)) expect(await weightsState(folder, model)).toBe("whole");
  expect(await isThere(folder.at("site.lock"))).toBe(false);
}

/** What the report in a site's folder measured. */
async function metricsIn(site: string): Promise<unknown[]> {
  return JSON.parse(await readFile(join(site, "report/report.json"), "utf8")).metrics;
}

const DISK_FULL = { code: "file/write", message: expect.stringMatching(/^cannot write .*: the disk is full; free /u) };

describe("the disk gets full", () => {
  it("while it plans", async () => {
    const whole = await copyOf(planned, "whole");
    let frames: unknown;
    const bytes = await onDisk(Infinity, async () => ({ frames } = await plan(whole)));
    for (const share of [0, 0.5, 0.9, 0.999]) {
      const site = await copyOf(planned, `at ${share}`);
      await expect(onDisk(Math.floor(share * bytes), () => plan(site))).rejects.toMatchObject(DISK_FULL);
      await expectWhole(site);
      expect((await plan(site)).frames).toEqual(frames);
    }
  });

  it("while it tracks", async () => {
    const site = await copyOf(tracked, "site");
    await rm(join(site, "runs"), { recursive: true });
    // Two runs write 220 kB.
    await expect(onDisk(70_000, () => track(site, 0))).rejects.toMatchObject(DISK_FULL);
    await expectWhole(site);
    await track(site, 0);
    const masks = "runs/0000-default/0/clip@00000/masks";
    const names = await readdir(join(tracked.site, masks));
    expect(await readdir(join(site, masks))).toEqual(names);
    for (const name of names)
      expect(await readFile(join(site, masks, name))).toEqual(await readFile(join(tracked.site, masks, name)));
  });

  it("while it reports: the report before stays", async () => {
    const whole = await copyOf(tracked, "whole");
    const bytes = await onDisk(Infinity, () => report(whole));
    const before = await metricsIn(whole);
    for (const share of [0.01, 0.5, 0.95]) {
      await expect(onDisk(Math.floor(share * bytes), () => report(whole, "ja"))).rejects.toMatchObject(DISK_FULL);
      await expectWhole(whole);
    }
    expect(await metricsIn(whole)).toEqual(before);
    await report(whole);
    expect(await metricsIn(whole)).toEqual(before);
  });

  it("while a model is added: there is none, and its number is given to the next", async () => {
    const folder = new SiteFolder(await copyOf(planned, "models"));
    const model = { number: 1, name: "adapted", parent: 0, config: {}, scores: {}, accepted: true, reason: "r" };
    for (const free of [100, 1e6])
      await expect(onDisk(free, () => addModel(folder, model, DEFAULT_WEIGHTS))).rejects.toMatchObject(DISK_FULL);
    await expectWhole(folder.root);
    expect(await readdir(folder.at("models"))).toEqual(["0000-default"]);
    await addModel(folder, model, DEFAULT_WEIGHTS);
    await expectWhole(folder.root);
  });
});
