import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { propagateMasks } from "../../../src/tracking/propagation.ts";
import { resolveProtocol } from "../../../src/tracking/protocols.ts";
import { findProgram } from "../../../src/video/backends/backend.ts";
import { openLiveFrames } from "../../../src/video/sources/liveSource.ts";
import { pooledColours } from "../../reference/pooledColours.ts";
import { within } from "../../within.ts";

/** Takes frames until there are none. */
async function drained(frames: AsyncIterator<unknown>): Promise<void> {
  for (let next = await frames.next(); next.done !== true; next = await frames.next());
}

/** A file, then nothing more, though the stream stays open. */
async function* stalling(path: string): AsyncGenerator<Uint8Array> {
  yield await readFile(path);
  await new Promise(() => {});
}

const ffmpeg = await findProgram("ffmpeg");
const [WIDTH, HEIGHT, FRAMES] = [64, 48, 20];

describe.skipIf(ffmpeg === undefined)("live frames (needs the ffmpeg program)", () => {
  let folder: string;
  let clip: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsumugi-live-"));
    clip = join(folder, "clip.ts");
    const source = `testsrc=size=${WIDTH}x${HEIGHT}:rate=10:duration=${FRAMES / 10}`;
    const options = [
      "-v",
      "error",
      "-f",
      "lavfi",
      "-i",
      source,
      "-c:v",
      "mpeg2video",
      "-bf",
      "0",
      "-f",
      "mpegts",
      clip,
    ];
    await promisify(execFile)(ffmpeg!, options);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("from a pipe: a consumer that keeps up gets every frame, in order", async () => {
    await using live = await openLiveFrames({ bytes: slowly(clip) });
    const indices: number[] = [];
    for await (const frame of live) {
      expect(frame).toMatchObject({ width: WIDTH, height: HEIGHT });
      expect(frame.data).toHaveLength(WIDTH * HEIGHT * 3);
      expect(live.age(frame)).toBeGreaterThanOrEqual(0);
      indices.push(frame.index);
    }
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(indices.length + live.dropped).toBe(FRAMES);
    expect(indices.at(-1)).toBe(FRAMES - 1);
  });

  it("a slow consumer gets the newest frame; the others are counted as dropped", async () => {
    await using live = await openLiveFrames({ bytes: createReadStream(clip) });
    let used = 0;
    let last = -1;
    for await (const frame of live) {
      used++;
      last = frame.index;
      await sleep(300);
    }
    expect(live.dropped).toBeGreaterThan(0);
    expect(used + live.dropped).toBe(FRAMES);
    expect(last).toBe(FRAMES - 1);
  });

  it("a consumer that catches up gets frames in even steps, then the newest again", async () => {
    await using live = await openLiveFrames({ bytes: createReadStream(clip) });
    live.catchUp();
    const indices: number[] = [];
    for await (const frame of live) {
      indices.push(frame.index);
      if (indices.length === 1) await sleep(1500);
    }
    // All 20 came while the first one was in use; 11 were kept, the newest among them, and less as others were taken.
    const steps = indices.slice(1).map((index, i) => index - indices[i]);
    expect(indices[0]).toBe(0);
    expect(indices.at(-1)).toBe(FRAMES - 1);
    expect(indices.length).toBeGreaterThanOrEqual(7);
    expect(Math.max(...steps)).toBeLessThanOrEqual(5);
    expect(indices.length + live.dropped).toBe(FRAMES);
  });

  it("a file that grows is followed until it is closed", async () => {
    const bytes = await readFile(clip);
    const growing = join(folder, "growing.ts");
    const half = Math.floor(bytes.length / 2 / 188) * 188;
    await writeFile(growing, bytes.subarray(0, half));
    const live = await openLiveFrames({ growingFile: growing });
    let grown = false;
    let before = -1;
    let last = -1;
    for await (const frame of live) {
      last = frame.index;
      if (!grown) {
        grown = true;
        setTimeout(() => {
          before = last;
          void appendFile(growing, bytes.subarray(half));
        }, 1500);
      }
      if (last >= FRAMES - 3) await live.close();
    }
    expect(before).toBeGreaterThanOrEqual(0);
    expect(last).toBeGreaterThan(before);
  });

  describe("a camera that stalls", () => {
    it("can be left while a frame is awaited: by break, by return, by close", async () => {
      for (const leave of ["break", "return", "close"]) {
        const live = await openLiveFrames({ bytes: stalling(clip) });
        const frames = live[Symbol.asyncIterator]();
        expect((await within(20_000, frames.next())).done).toBe(false);
        if (leave === "break") {
          const left = (async () => {
            for await (const _ of live) break;
          })();
          await within(20_000, left);
          continue;
        }
        // At most one more is decoded, then nothing comes.
        const waiting = drained(frames);
        await within<unknown>(5000, leave === "return" ? frames.return!() : live.close());
        await within(5000, waiting);
      }
    });

    it("holds up neither a consumer that fails nor an encoder that does", async () => {
      const protocol = resolveProtocol("default");
      const first = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT).fill(1, 1000, 2000) };
      const failing = { ...pooledColours(4), encode: () => Promise.reject(new Error("no encoder")) };
      for (const [encoder, message] of [
        [pooledColours(4), "no consumer"],
        [failing, "no encoder"],
      ] as const) {
        await using live = await openLiveFrames({ bytes: stalling(clip) });
        const run = async (): Promise<void> => {
          for await (const _ of propagateMasks({ source: live, encoder, protocol, first, threads: 1 }))
            throw new Error("no consumer");
        };
        await expect(within(20_000, run())).rejects.toThrow(message);
      }
    });
  });

  it("what cannot be decoded is the user's message", async () => {
    const broken = join(folder, "broken.ts");
    await writeFile(broken, "no video");
    const live = await openLiveFrames({ bytes: createReadStream(broken) });
    await expect(live[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "video/not-video" });
    const noise = await openLiveFrames({ bytes: oneChunk(Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 256)) });
    await expect(noise[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "video/live" });
    const missing = await openLiveFrames({ growingFile: join(folder, "missing.ts") });
    await expect(missing[Symbol.asyncIterator]().next()).rejects.toThrow(/cannot open .*missing\.ts/u);
  });
});

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* slowly(path: string): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: 2000 })) {
    yield chunk as Uint8Array;
    await sleep(10);
  }
}
