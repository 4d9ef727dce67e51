import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram, type VideoBackend } from "../../../src/video/backends/backend.ts";
import { openFrameSource } from "../../../src/video/frameSource.ts";
import { encodePng } from "../../../src/video/writing/png.ts";
import { SOUND_RATE } from "../../../src/video/sound/rate.ts";
import { readSound, type SoundOptions } from "../../../src/video/sound/readSound.ts";
import { backends, hasEncoder, writeClip } from "../media.ts";

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "sound-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const ffmpeg = await findProgram("ffmpeg");
const both = backends.every(([, there]) => there);

/** A soft tone with a loud beat from 1 s to 1.05 s. */
function beat(seconds: number, rate = 44_100): { rate: number; samples: Float32Array } {
  const samples = Float32Array.from({ length: seconds * rate }, (_, i) => {
    const time = i / rate;
    return (time >= 1 && time < 1.05 ? 0.8 : 0.02) * Math.sin(2 * Math.PI * 700 * time);
  });
  return { rate, samples };
}

async function read(path: string, options: Partial<SoundOptions> = {}): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for await (const piece of readSound(path, { startSec: 0, endSec: 2, ...options })) pieces.push(piece);
  const all = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const piece of pieces) {
    all.set(piece, filled);
    filled += piece.length;
  }
  return all;
}

/** Where the beat begins, seconds. */
const beatAt = (samples: Float32Array): number => samples.findIndex((value) => Math.abs(value) > 0.3) / SOUND_RATE;

function collector() {
  const lines: string[] = [];
  return { info() {}, progress() {}, warn: (line: string) => void lines.push(line), lines };
}

describe.each(backends)("%s", (backend, there) => {
  const media = test.skipIf(!there || !hasEncoder);
  const write = (name: string, more: object = {}): Promise<string> =>
    writeClip(at(`${backend}-${name}`), { count: 50, sound: beat(2), backend, ...more });

  media("what is written is heard, at its time and as loud", async () => {
    const path = await write("beat.mp4");
    const samples = await read(path, { backend });
    expect(samples.length).toBe(2 * SOUND_RATE);
    expect(beatAt(samples)).toBeGreaterThan(0.997);
    expect(beatAt(samples)).toBeLessThan(1.003);
    const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(loudest).toBeGreaterThan(0.7);
    expect(loudest).toBeLessThan(0.95);
    // The pictures are as without sound, and nothing else was left in the folder.
    await using source = await openFrameSource(path, { backend });
    expect([source.frameCount, source.timesSec[49]]).toEqual([50, 49 / 25]);
    expect((await readdir(folder)).filter((name) => name.startsWith(`${backend}-beat`))).toHaveLength(1);
  });

  media("any part of it, with zeros before its beginning", async () => {
    const path = await write("parts.mp4");
    const from = await read(path, { backend, startSec: 0.75, endSec: 1.25 });
    expect(from.length).toBe(SOUND_RATE / 2);
    expect(Math.abs(beatAt(from) - 0.25)).toBeLessThan(0.003);
    const early = await read(path, { backend, startSec: -0.5, endSec: 1.5 });
    expect(Math.abs(beatAt(early) - 1.5)).toBeLessThan(0.003);
    expect(early.subarray(0, 0.4 * SOUND_RATE).every((value) => value === 0)).toBe(true);
  });

  test.skipIf(!there || !hasEncoder || ffmpeg === undefined)(
    "on the clock of the frames where that does not begin at 0",
    async () => {
      const [plain, late] = [await write("plain.mp4"), at(`${backend}-late.ts`)];
      await promisify(execFile)(ffmpeg!, ["-v", "error", "-y", "-i", plain, "-c", "copy", "-muxdelay", "0.7", late]);
      await using source = await openFrameSource(late, { backend });
      const [startSec] = source.timesSec;
      expect(startSec).toBeGreaterThan(0.5);
      const samples = await read(late, { backend, startSec, endSec: startSec + 2 });
      expect(Math.abs(beatAt(samples) - 1)).toBeLessThan(0.005);
    },
  );

  media("sound longer or shorter than the pictures is said; none, or a folder, is refused", async () => {
    const path = await write("length.mp4", { sound: beat(3) });
    const logger = collector();
    expect((await read(path, { backend, logger })).length).toBe(2 * SOUND_RATE);
    expect(logger.lines.join()).toMatch(/goes on after its last picture/);
    const short = await read(path, { backend, endSec: 5, logger });
    expect(short.length / SOUND_RATE).toBeCloseTo(3, 1);
    expect(logger.lines.join()).toMatch(/ends 2\.0 s before its last picture/);
    const mute = await writeClip(at(`${backend}-mute.mp4`), { count: 3, backend });
    await expect(read(mute, { backend })).rejects.toMatchObject({ code: "sound/missing" });
    await mkdir(at(`${backend}-folder`));
    const picture = { width: 2, height: 2, data: new Uint8Array(12) };
    await writeFile(at(`${backend}-folder/0.png`), await encodePng(picture));
    await expect(read(at(`${backend}-folder`), { backend })).rejects.toMatchObject({ code: "sound/missing" });
    await writeFile(at(`${backend}-text.mp4`), "no video");
    await expect(read(at(`${backend}-text.mp4`), { backend })).rejects.toMatchObject({ code: "video/unreadable" });
  });

  media("stops when its consumer does", async () => {
    const path = await write("stop.mp4", { sound: beat(2) });
    for await (const piece of readSound(path, { startSec: 0, endSec: 2, backend })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  });
});

test.skipIf(!both)("both backends hear the same", async () => {
  for (const writer of ["node-av", "ffmpeg"] as const satisfies readonly VideoBackend[]) {
    const path = await writeClip(at(`${writer}-same.mp4`), { count: 50, sound: beat(2, 22_050), backend: writer });
    const [one, other] = [await read(path, { backend: "node-av" }), await read(path, { backend: "ffmpeg" })];
    expect(one.length).toBe(other.length);
    const most = one.reduce((max, value, i) => Math.max(max, Math.abs(value - other[i])), 0);
    expect(most).toBeLessThan(1e-3);
  }
});

test("only mp4 is written with sound", async () => {
  await expect(writeClip(at("no.webm"), { count: 1, sound: beat(1) })).rejects.toThrow(/only mp4/);
});
