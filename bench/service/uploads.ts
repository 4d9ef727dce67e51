/** @file Uploads whose line breaks at random moments, and that go on where they were: are all bytes there in the end? */
import { createHash } from "node:crypto";
import { request } from "node:http";
import { Random } from "../../src/core/random.ts";

export interface UploadPlan {
  /** Of the service. */
  readonly url: string;
  readonly uploads: number;
  /** Of each, at least 2. */
  readonly bytes: number;
  /** How often the line of each breaks. */
  readonly breaks: number;
  readonly seed: number;
}

export interface UploadResult {
  /** Uploads whose clip has the bytes that were sent. */
  readonly equal: number;
  /** Lines that broke before all was sent. */
  readonly broken: number;
  readonly seconds: number;
}

const TUS = { "tus-resumable": "1.0.0" };

/** All uploads at the same time. */
export async function breakUploads(plan: UploadPlan): Promise<UploadResult> {
  const begun = Date.now();
  const all = await Promise.all(
    Array.from({ length: plan.uploads }, (_, i) => upload(plan, new Random(plan.seed + i), `upload ${i}.mp4`)),
  );
  return {
    equal: all.filter(({ isEqual }) => isEqual).length,
    broken: all.reduce((sum, { broken }) => sum + broken, 0),
    seconds: (Date.now() - begun) / 1000,
  };
}

async function upload(plan: UploadPlan, random: Random, name: string): Promise<{ isEqual: boolean; broken: number }> {
  const bytes = Uint8Array.from({ length: plan.bytes }, () => random.uniform(0, 256));
  const metadata = `filename ${Buffer.from(name).toString("base64")}`;
  const headers = { ...TUS, "upload-length": String(plan.bytes), "upload-metadata": metadata };
  const made = await fetch(`${plan.url}/api/uploads`, { method: "POST", headers });
  const place = `${plan.url}${made.headers.get("location")}`;
  let broken = 0;
  for (let i = 0; i < plan.breaks; i++) {
    const offset = await offsetOf(place);
    // The last byte is never sent here, so that each of these lines breaks.
    const sent = Math.floor(random.uniform(0, (plan.bytes - offset) / 2));
    await sendPart(place, offset, bytes.subarray(offset), sent);
    broken++;
  }
  const ended = await again(async () => {
    const offset = await offsetOf(place);
    const rest = new Uint8Array(bytes.subarray(offset));
    const answer = await fetch(place, { method: "PATCH", headers: patching(offset), body: rest });
    // What was sent on a broken line may have come in since: the offset is another one by now (409).
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    return answer;
  });
  const media = await fetch(`${plan.url}/api/clips/${ended.headers.get("clip")}/media`);
  return { isEqual: digest(new Uint8Array(await media.arrayBuffer())) === digest(bytes), broken };
}

const patching = (offset: number): Record<string, string> => ({
  ...TUS,
  "content-type": "application/offset+octet-stream",
  "upload-offset": String(offset),
});

async function offsetOf(place: string): Promise<number> {
  const { headers } = await again(() => fetch(place, { method: "HEAD", headers: TUS }));
  return Number(headers.get("upload-offset"));
}

const TRIES = 5;

/** As clients of tus do: what was not answered, because a kept line was closed meanwhile, or refused is asked again. */
const again = (ask: () => Promise<Response>, tries = TRIES): Promise<Response> =>
  ask().catch((error: unknown) => (tries > 1 ? again(ask, tries - 1) : Promise.reject(error)));

/** Announces all bytes, sends some of them, and breaks the line. @param more headers */
export function sendPart(
  place: string,
  offset: number,
  bytes: Uint8Array,
  sent: number,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve) => {
    const line = request(place, {
      method: "PATCH",
      headers: { ...patching(offset), "content-length": String(bytes.length), ...more },
    });
    line.on("error", () => resolve());
    line.write(bytes.subarray(0, sent), () => {
      line.destroy();
      resolve();
    });
  });
}

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
