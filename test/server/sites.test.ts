/** @file Sites over HTTP: made of clips, run by jobs that can be killed, labelled as clips are, reported, their models. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { isThere } from "../../src/core/files.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import { makeImageFolder } from "../training/footage.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { addModel } from "../../src/site/models.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { truthOf } from "../site/smallSite.ts";
import { testService, until } from "./service.ts";

const HTML = "<b>ライン</b> 3";
const service = testService({}, async (root) => {
  await makeImageFolder(root, "部品 <2>", 8);
});
const { get, send, clip, ended, data, root } = service;
const raw = { "content-type": "application/octet-stream" };

let clips: string[];
beforeAll(async () => {
  clips = [await clip("clip"), await clip("部品 <2>")];
});

/** Makes a site. */
async function made(more: object = {}): Promise<string> {
  const { status, body } = await send("POST", "/api/sites", { name: HTML, clips, targets: ["iou=0.5"], ...more });
  expect([status, body]).toEqual([200, expect.objectContaining({ name: HTML })]);
  return body.id;
}

const folderOf = (site: string): SiteFolder => new SiteFolder(join(data(), "sites", site));
const state = async (site: string) => (await get(`/api/sites/${site}`)).body;
const job = (site: string, more: object) =>
  send("POST", "/api/jobs", { task: { task: "site", folder: `site:${site}`, ...more } });

/** Runs what is not done, without learning. */
async function run(site: string) {
  const { body } = await job(site, { step: "run", adaptMinutes: 0, tuneMinutes: 0, corrections: 0 });
  return (await ended(body.id)).body;
}

const putMask = (id: string, frame: number, mask: Uint8Array) =>
  send("PUT", `/api/clips/${id}/labels/${frame}/mask`, mask, raw);

/** The process of a job, by its lock. */
async function processOf(id: string): Promise<number> {
  return Number.parseInt(await readFile(join(data(), "jobs", id, "job.lock"), "utf8"), 10);
}

describe("a site", () => {
  it("goes from clips to a report: plan, labels of its clips, tracking that is killed, verdict, other labels", async () => {
    const site = await made();
    expect(await state(site)).toMatchObject({
      targets: [{ metric: "iou", value: 0.5, afterResults: false }],
      clips: clips.map((id) => ({ id, frames: 8 })),
      labels: null,
      decision: null,
      next: "run",
      job: null,
      working: null,
    });
    expect((await get(`/api/sites/${site}/report`)).body.error.code).toBe("service/missing");

    expect(await run(site)).toMatchObject({ state: "done", site, session: null });
    const planned = await state(site);
    expect(planned).toMatchObject({ next: "label", working: null, labels: { labelled: 0 } });
    expect(planned.steps.filter((one: { state: string }) => one.state === "done")).toHaveLength(2);
    const { frames } = (await get(`/api/sites/${site}/plan`)).body;
    expect(frames.length).toBe(planned.labels.planned);

    // Labels of clips are those of the site; one without anything in it too.
    for (const { clip: id, frame } of frames) await putMask(id, frame, truthOf(frame).data);
    const [last] = frames.filter(({ role }: { role: string }) => role === "verdict").slice(-1);
    await putMask(last.clip, last.frame, new Uint8Array(48 * 48));
    await send("PUT", `/api/clips/${clips[0]}/objects`, [{ id: 1, name: "歯車" }]);
    expect(await state(site)).toMatchObject({ next: "run", labels: { labelled: frames.length, leftSec: 0 } });

    const asked = { step: "run", adaptMinutes: 0, tuneMinutes: 0, corrections: 0 };
    const { body: second } = await job(site, asked);
    await until(
      () => isThere(folderOf(site).at("runs")),
      (isBegun) => isBegun,
    );
    expect(await state(site)).toMatchObject({ working: "track", job: { id: second.id } });
    process.kill(await processOf(second.id), "SIGKILL");
    expect((await ended(second.id)).body).toMatchObject({ state: "done", attempts: 2, error: null });
    expect(await state(site)).toMatchObject({ current: true, decision: "not-enough", next: "more" });

    const report = (await get(`/api/sites/${site}/report?language=ja`)).body;
    expect(report).toMatchObject({ title: "判定：判断材料が不足", targets: [{ metric: "iou", target: 0.5 }] });
    expect(report.methods.map(({ method }: { method: string }) => method)).toEqual(
      expect.arrayContaining(["copy-first", "untrained", "model"]),
    );
    const worst = report.frames.find(({ kind }: { kind: string }) => kind === "worst") ?? report.frames.at(-1);
    expect(clips).toContain(worst.clip);
    const picture = await get(worst.tracked);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect((await get(`/api/sites/${site}/report/frames/99/label`)).status).toBe(404);

    // The page is the one that was written, and can do nothing.
    const page = await get(`/api/sites/${site}/report/page?language=en`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).toContain("sandbox");
    expect(new TextDecoder().decode(page.bytes)).toBe(
      await readFile(folderOf(site).at("report", "report.html"), "utf8"),
    );
    const japanese = new TextDecoder().decode((await get(`/api/sites/${site}/report/page?language=ja`)).bytes);
    expect(japanese).toContain("判断材料が不足");
    expect((await folderOf(site).read()).objects).toEqual({ 1: "歯車" });

    // What changes makes the report an old one: a label, then a target, which is told.
    await send("DELETE", `/api/clips/${last.clip}/labels/${last.frame}/mask`);
    expect(await state(site)).toMatchObject({ current: false, next: "run", labels: { labelled: frames.length - 1 } });
    expect(await run(site)).toMatchObject({ state: "done" });
    expect(await state(site)).toMatchObject({ current: true, next: "label" });
    const changed = await send("PATCH", `/api/sites/${site}`, { targets: ["iou=0.9"] });
    expect(changed.body).toMatchObject({ current: false, targets: [{ value: 0.9, afterResults: true }] });
  });

  it("tells its models, uses another one and goes back", async () => {
    const site = await made({ clips: clips.slice(0, 1), targets: [] });
    const folder = folderOf(site);
    const weights = join(root(), "nano.safetensors");
    await writeSafetensors(weights, new Map(untrainedWeights("nano").values), { metadata: { variant: "nano" } });
    const metrics = join(data(), "metrics.jsonl");
    await writeFile(
      metrics,
      `${JSON.stringify({ step: 1, minutes: 0.1, loss: 2, pairsPerSec: 9, learningRate: 1e-4 })}\n`,
    );
    const model = { number: 1, name: "adapted", parent: 0, config: {}, scores: { gain: 0.02 }, accepted: false };
    await addModel(folder, { ...model, reason: "not better by more than noise" }, weights, metrics);
    const models = `/api/sites/${site}/models`;
    const before = (await get(models)).body;
    expect(before).toMatchObject({
      learning: null,
      models: [
        { number: 0, inUse: true, accepted: true },
        { number: 1, inUse: false, accepted: false, state: "whole", scores: { gain: 0.02 } },
      ],
    });
    expect(JSON.stringify(before)).not.toContain(data());
    expect((await send("POST", `${models}/rollback`)).body.error.code).toBe("site/no-rollback");
    expect((await send("POST", `${models}/7/use`)).body.error.code).toBe("site/model");
    const used = (await send("POST", `${models}/1/use`)).body.models;
    expect(used.map(({ inUse }: { inUse: boolean }) => inUse)).toEqual([false, true]);
    expect((await state(site)).model).toBe(1);
    const back = (await send("POST", `${models}/rollback`)).body.models;
    expect(back.map(({ inUse }: { inUse: boolean }) => inUse)).toEqual([true, false]);
    expect((await get(`${models}/1/metrics`)).body.records).toEqual([expect.objectContaining({ step: 1, loss: 2 })]);
    expect((await get(`${models}/0/metrics`)).body.records).toEqual([]);
    expect((await send("DELETE", `/api/sites/${site}`)).status).toBe(200);
    expect((await get(`/api/sites/${site}`)).status).toBe(404);
    expect(await isThere(folder.root)).toBe(false);
    expect((await get(`/api/clips/${clips[0]}`)).status).toBe(200);
  });

  it.each([
    ["no clip", { clips: [] }, 400, "service/invalid"],
    ["a clip that is not there", { clips: ["nothing"] }, 404, "service/missing"],
    ["a target that is none", { targets: ["iou=80"] }, 400, "site/target"],
    ["a price below nothing", { prices: { maskSec: -1 } }, 400, "service/invalid"],
    ["no name", { name: "" }, 400, "service/invalid"],
  ])("%s makes none", async (_, more, status, code) => {
    const before = (await get("/api/sites")).body.sites.length;
    const answer = await send("POST", "/api/sites", { name: "x", clips, ...more });
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect((await get("/api/sites")).body.sites).toHaveLength(before);
  });

  it.each(["nothing", "..", "%2e%2e", "..%2fjobs"])("%s is none", async (id) => {
    for (const path of ["", "/plan", "/report", "/report/page", "/models"])
      expect([400, 404]).toContain((await get(`/api/sites/${id}${path}`)).status);
  });
});

it("a training run tells its steps as they come, is stopped, and goes on where it was", async () => {
  const tiny = { variant: "nano", size: 32, pairs: 2, radius: 2, gaps: [1, 2], gapWeights: [1, 1], warmUp: 0 };
  const config = { ...tiny, init: "none", steps: 60, checkpointMinutes: 0.02 };
  const { body: first } = await send("POST", "/api/jobs", {
    task: { task: "train", footage: [`clip:${clips[0]}`], config, scoreOn: [`clip:${clips[1]}`] },
  });
  const metrics = async (id: string) => (await get(`/api/jobs/${id}/metrics`)).body;
  await until(
    () => metrics(first.id),
    ({ records }) => records.length > 3,
  );
  await send("POST", `/api/jobs/${first.id}/cancel`);
  expect((await ended(first.id)).body).toMatchObject({ state: "cancelled", session: null, site: null });
  const there = await metrics(first.id);
  const stopped = there.records.length;
  expect(stopped).toBeLessThan(60);
  expect(there.records[0]).toMatchObject({ step: 1, loss: expect.any(Number), pairsPerSec: expect.any(Number) });
  // Scored at the first step, without labels.
  expect(there.records[0].score).toBeGreaterThan(0);
  expect(there.records[0].score).toBeLessThanOrEqual(1);

  const { body: more } = await send("POST", "/api/jobs", { task: { task: "resume", run: `job:${first.id}` } });
  await until(
    () => metrics(more.id),
    ({ records }) => records.length > stopped,
  );
  // Killed, the same job goes on with the run.
  process.kill(await processOf(more.id), "SIGKILL");
  expect((await ended(more.id)).body).toMatchObject({ state: "done", attempts: 2 });
  const { records } = await metrics(first.id);
  expect(records.map(({ step }: { step: number }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect((await get(`/api/jobs?task=train`)).body.jobs.map(({ id }: { id: string }) => id)).toEqual([first.id]);
  const { files } = (await get(`/api/jobs/${first.id}/files`)).body;
  expect(files.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(["weights.safetensors", "samples/000001.png"]),
  );
});
