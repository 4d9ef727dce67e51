/** @file A coordinator over HTTP: who may ask, and what is refused how. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { silent } from "../../src/core/log.ts";
import { PROTOCOL } from "../../src/federation/messages.ts";
import { mostUpdateBytes } from "../../src/federation/update.ts";
import { bytesOfWeights } from "../../src/federation/weightsStore.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { readEncoderWeights } from "../../src/method/node/weightsFile.ts";
import { type FederationService, serveFederation } from "../../src/server/federation/serveFederation.ts";
import { TokenFile } from "../../src/server/security/tokens.ts";
import { settings } from "../federation/sites.ts";
import { temporaryFolder } from "../training/footage.ts";
import { type Answer, request } from "./service.ts";

let root: string;
let data: string;
let service: FederationService;
const tokens: Record<string, string> = {};
const hello = { protocol: PROTOCOL, version: "0.1.0" };
const options = { settings, init: "none", logger: silent, port: 0 };

beforeAll(async () => {
  root = await temporaryFolder();
  data = join(root, "coordinator");
  const file = new TokenFile(data);
  tokens["a"] = await file.create("a", ["federate"]);
  tokens["reader"] = await file.create("reader", ["read", "label", "run"]);
  tokens["short"] = await file.create("short", ["federate"], 30);
  service = await serveFederation({ data, ...options });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

const ask = (path: string, token: string | undefined, body?: unknown, method = "POST"): Promise<Answer> =>
  request(`${service.url}/api/federation/${path}`, method, body, {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body instanceof Uint8Array && { "content-type": "application/octet-stream" }),
  });
const turn = (token: string | undefined, body: unknown = hello): Promise<Answer> => ask("turns", token, body);
const send = (bytes: Uint8Array, frames: unknown = 10): Promise<Answer> =>
  ask(`rounds/1/update?frames=${String(frames)}`, tokens["a"], bytes, "PUT");

const scores = (score: number) => ({ before: [], after: [{ stretch: 0, kind: "made", score }] });
const put = (body: unknown): Promise<Answer> => ask("rounds/1/scores", tokens["a"], body, "PUT");

describe("a coordinator", () => {
  it("does not start where no site has a token", async () => {
    const other = serveFederation({ data: join(root, "empty"), ...options });
    await expect(other).rejects.toMatchObject({ code: "service/token" });
  });

  it("listens on this machine only, and on nothing but what sites need", async () => {
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:/u);
    expect((await request(`${service.url}/health`)).body).toEqual({ status: "ok" });
    for (const path of ["/api", "/api/clips", "/api/jobs", "/api/federation", "/federation.json", "/metrics"]) {
      const answer = await request(`${service.url}${path}`, "GET", undefined, {
        authorization: `Bearer ${tokens["a"]}`,
      });
      expect([path, answer.status === 404 || answer.status === 403]).toEqual([path, true]);
    }
  });

  it.each([
    ["no token", () => undefined, 401, "service/token"],
    ["another token", () => `tsu_${"0".repeat(16)}_${"0".repeat(64)}`, 401, "service/token"],
    ["a token of another scope", () => tokens["reader"], 403, "service/scope"],
  ])("with %s answers nothing", async (_, token, status, code) => {
    for (const answer of [
      await turn(token()),
      await ask(`weights/${service.coordinator.state.weights}`, token(), undefined, "GET"),
    ])
      expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  it("with a token that has expired says so, and a service does too", async () => {
    expect((await turn(tokens["short"])).status).toBe(200);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 31 * 24 * 3600 * 1000 });
    try {
      const answer = await turn(tokens["short"]);
      expect(answer).toMatchObject({ status: 401, body: { error: { code: "service/token" } } });
      expect(answer.body.error.message).toMatch(/the token short has expired: got valid until \d{4}-/u);
      expect((await turn(tokens["a"])).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
    expect((await new TokenFile(data).list()).map(({ name, expires }) => [name, expires === null])).toEqual([
      ["a", true],
      ["reader", true],
      ["short", false],
    ]);
  });

  it.each([
    ["another version", { ...hello, protocol: 99 }, 409, "federation/version"],
    ["something more", { ...hello, files: ["line-3.mp4"] }, 400, "service/invalid"],
    ["nothing", {}, 400, "service/invalid"],
  ])("asked with %s refuses", async (_, body, status, code) => {
    expect(await turn(tokens["a"], body)).toMatchObject({ status, body: { error: { code } } });
  });

  it("hands out the weights that a turn names, by their hash", async () => {
    const { body } = await turn(tokens["a"]);
    expect(body).toMatchObject({ do: "train", round: 1, steps: 2, last: null });
    const { bytes } = await ask(`weights/${body.weights}`, tokens["a"], undefined, "GET");
    expect(Buffer.compare(bytes, await service.coordinator.weights(body.weights))).toBe(0);
    expect(await ask(`weights/${"0".repeat(64)}`, tokens["a"], undefined, "GET")).toMatchObject({ status: 404 });
    expect(await ask("weights/..%2f..%2ftokens", tokens["a"], undefined, "GET")).toMatchObject({ status: 400 });
  });

  it("refuses updates that are none, and says why", async () => {
    await turn(tokens["a"]);
    const common = await readEncoderWeights(join(data, "weights.safetensors"));
    const values = new Map(common.values);
    values.set("head.bias", { shape: [32], data: new Float32Array(32).fill(Number.NaN) });
    const cases: [Uint8Array, unknown, number, string, RegExp][] = [
      [bytesOfWeights(untrainedWeights("small")), 10, 413, "service/size", /too large/u],
      [bytesOfWeights(untrainedWeights("nano")), 10, 422, "federation/update", /without projector/u],
      [bytesOfWeights({ ...common, values }), 10, 422, "federation/update", /head\.bias .* got NaN/u],
      [new TextEncoder().encode("{}".repeat(500)), 10, 422, "weights/safetensors", /not a valid safetensors file/u],
      [new Uint8Array(mostUpdateBytes(common.values) + 1), 10, 413, "service/size", /too large/u],
      [new Uint8Array(), 10, 400, "service/invalid", /empty/u],
      [bytesOfWeights(common), 0, 400, "service/invalid", /frames/u],
      [bytesOfWeights(common), "many", 400, "service/invalid", /frames/u],
    ];
    for (const [bytes, frames, status, code, message] of cases) {
      const answer = await send(bytes, frames);
      expect(answer).toMatchObject({ status, body: { error: { code, message: expect.stringMatching(message) } } });
      expect(answer.body.error.message).not.toContain(root);
    }
    expect(service.coordinator.state.rounds[0].updates).toEqual([]);
  });

  it("takes an update under the name of the token, whatever the request says", async () => {
    await turn(tokens["a"]);
    const common = await readEncoderWeights(join(data, "weights.safetensors"));
    expect(await send(bytesOfWeights(common))).toMatchObject({ status: 200, body: { taken: true } });
    expect(service.coordinator.state.rounds[0].updates).toMatchObject([{ site: "a", frames: 10, norm: 0 }]);
  });

  it("refuses scores that are none, or that nobody asked for", async () => {
    expect(await put(scores(1.5))).toMatchObject({ status: 400, body: { error: { code: "service/invalid" } } });
    expect(await put({ ...scores(1), note: "line 3" })).toMatchObject({ status: 400 });
    expect(await put(scores(1))).toMatchObject({ status: 409, body: { error: { code: "federation/round" } } });
  });
});
