/** @file A service of a folder with small clips and untrained weights, and requests to it. */
import { cp, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll } from "vitest";
import { silent } from "../../src/core/log.ts";
import { untrainedWeights } from "../../src/method/encoderWeights.ts";
import { serve, type ServeOptions, type Service } from "../../src/server/serve.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { openVideoWriter } from "../../src/video/writing/writer.ts";
import { writeSafetensors } from "../../src/weights/safetensors.ts";
import { makeImageFolder, temporaryFolder } from "../training/footage.ts";

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  /** The body as JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests say what they expect of it
  readonly body: any;
}

/** Requests to a service at an address. */
export async function request(
  url: string,
  method = "GET",
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isBytes = body instanceof Uint8Array;
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && !isBytes && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const isJson = response.headers.get("content-type")?.includes("json") === true && bytes.length > 0;
  const parsed: unknown = isJson ? JSON.parse(new TextDecoder().decode(bytes)) : undefined;
  return { status: response.status, headers: response.headers, bytes, body: parsed };
}

/** Asks until something is so. */
export async function until<T>(ask: () => Promise<T>, isSo: (value: T) => boolean, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await ask();
    if (isSo(value)) return value;
    if (Date.now() > end) throw new Error(`not so after ${seconds} s: ${JSON.stringify(value)}`);
    await setTimeout(30);
  }
}

/** Settings with which the small clips are tracked fast. */
export const quick = (root: string): Record<string, unknown> => ({
  weights: join(root, "nano.safetensors"),
  overlay: false,
  pictures: false,
});

/** A folder with the clip `clip` (8 frames of 48x48) and weights, and what lies beside it. */
export interface SmallFootage {
  /** The footage, which the service may read. */
  readonly root: string;
  /** The folder that holds it. */
  readonly around: string;
}

export async function makeFootage(frames = 8): Promise<SmallFootage> {
  const around = await realpath(await temporaryFolder());
  const root = join(around, "footage");
  await makeImageFolder(root, "clip", frames);
  const { values } = untrainedWeights("nano");
  await writeSafetensors(join(root, "nano.safetensors"), new Map(values), { metadata: { variant: "nano" } });
  return { root, around };
}

/** Writes a clip as a video. */
export async function writeVideo(clip: string, path: string): Promise<void> {
  await using source = await openFrameSource(clip);
  const { width, height } = source;
  const writer = await openVideoWriter(path, { width, height, fps: 25 });
  for await (const { data } of source.frames()) await writer.write(data);
  await writer.finish();
}

/** A service for a test file. */
export interface TestService {
  readonly root: () => string;
  readonly around: () => string;
  readonly data: () => string;
  readonly url: () => string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** The id of a clip by its place. */
  readonly clip: (place: string) => Promise<string>;
  /** Waits for a job's end. */
  readonly ended: (job: string) => Promise<Answer>;
}

/** A service of footage with one worker, on any free port; its data lie beside the footage. */
export function serveFootage(footage: SmallFootage, options: Partial<ServeOptions> = {}): Promise<Service> {
  return serve({
    folders: [footage.root],
    data: join(footage.around, "data"),
    port: 0,
    workers: 1,
    machine: { device: "cpu", threads: 1 },
    logger: silent,
    beat: 50,
    ...options,
  });
}

/** Started before the tests of the file, stopped after them. @param prepare adds to the footage. */
export function testService(
  options: Partial<ServeOptions> = {},
  prepare: (root: string, around: string) => Promise<void> = async () => {},
): TestService {
  let footage: SmallFootage;
  let service: Service;
  const data = (): string => join(footage.around, "data");
  beforeAll(async () => {
    footage = await makeFootage();
    await prepare(footage.root, footage.around);
    service = await serveFootage(footage, options);
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await rm(footage.around, { recursive: true });
  });
  const send: TestService["send"] = (method, path, body, headers) =>
    request(`${service.url}${path}`, method, body, headers);
  const get: TestService["get"] = (path, headers) => send("GET", path, undefined, headers);
  return {
    root: () => footage.root,
    around: () => footage.around,
    data,
    url: () => service.url,
    get,
    send,
    async clip(place) {
      const { body } = await get("/api/clips");
      const { clips } = body as { clips: { id: string; place: string }[] };
      const found = clips.find((one) => one.place === place);
      if (found === undefined) throw new Error(`no ${place} among ${JSON.stringify(clips)}`);
      return found.id;
    },
    ended: (job) =>
      until(
        () => get(`/api/jobs/${job}`),
        ({ body }) => ["done", "failed", "cancelled"].includes((body as { state: string }).state),
      ),
  };
}

/** Copies a folder, to compare with later. */
export const copyFolder = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true });
