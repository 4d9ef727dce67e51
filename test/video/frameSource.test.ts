import { execFile } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { silent } from "../../src/core/log.ts";
import { Random } from "../../src/core/random.ts";
import { findProgram } from "../../src/video/backends/backend.ts";
import type { FrameSource } from "../../src/video/frame.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { openFfmpegSource } from "../../src/video/sources/ffmpegCli.ts";
import { within } from "../within.ts";
import { backends, codedFrame, decodeIndex, hasEncoder, withDisplayMatrix, writeClip } from "./media.ts";

const [program, probe] = await Promise.all([findProgram("ffmpeg"), findProgram("ffprobe")]);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "video-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

async function indices(source: FrameSource, start?: number, end?: number): Promise<number[]> {
  const found: number[] = [];
  for await (const frame of source.frames({
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
  })) {
    expect(frame.index).toBe((start ?? 0) + found.length);
    expect(frame.timeSec).toBe(source.timesSec[frame.index]);
    expect(frame.data.length).toBe(frame.width * frame.height * 3);
    found.push(decodeIndex(frame));
  }
  return found;
}

const upTo = (n: number, from = 0): number[] => Array.from({ length: n - from }, (_, i) => from + i);

function collector(): { info(): void; warn(line: string): void; progress(): void; lines: string[] } {
  const lines: string[] = [];
  return { info() {}, progress() {}, warn: (line) => void lines.push(line), lines };
}

describe.each(backends)("%s", (backend, there) => {
  const ready = there && hasEncoder;
  const media = test.skipIf(!ready);

  media.each([
    ["mp4", 96, 72],
    ["mp4", 97, 71],
    ["webm", 96, 72],
    ["webm", 97, 71],
    ["gif", 97, 71],
  ] as const)("every frame of a %s of %i x %i, in order and at random", async (format, width, height) => {
    const path = await writeClip(at(`${backend}-${width}.${format}`), { count: 130, width, height });
    await using source = await openFrameSource(path, { backend });
    expect(source.frameCount).toBe(130);
    expect(source.names.slice(0, 2)).toEqual(["00000", "00001"]);
    const even = format === "gif" ? 0 : 1;
    expect([source.width, source.height]).toEqual([width + even * (width % 2), height + even * (height % 2)]);
    source.timesSec.forEach((t, i) => expect(t).toBeCloseTo(i / 25, 6));
    expect(await indices(source)).toEqual(upTo(130));
    expect(await indices(source, 57, 63)).toEqual(upTo(63, 57));
    const random = new Random(2);
    for (const i of [
      129,
      0,
      1,
      128,
      50,
      49,
      100,
      ...Array.from({ length: backend === "ffmpeg" ? 3 : 25 }, () => random.integer(130)),
    ])
      expect(decodeIndex(await source.frame(i))).toBe(i);
  });

  media("variable frame rate and a start offset: the container's own times", async () => {
    const timesSec = Array.from({ length: 60 }, (_, i) => 5 + i * 0.04 + (i > 20 ? 0.5 : 0) + (i % 3) * 0.01);
    const path = await writeClip(at(`${backend}-vfr.mp4`), { count: 60, timesSec });
    await using source = await openFrameSource(path, { backend });
    source.timesSec.forEach((t, i) => expect(t).toBeCloseTo(timesSec[i], 4));
    for (const i of [59, 20, 21, 22, 0, 40]) {
      const frame = await source.frame(i);
      expect(decodeIndex(frame)).toBe(i);
      expect(frame.timeSec).toBe(source.timesSec[i]);
    }
    expect(await indices(source, 30)).toEqual(upTo(60, 30));
  });

  media("random access does not disturb iterations, of which there may be several", async () => {
    const path = await writeClip(at(`${backend}-several.mp4`), { count: 60 });
    await using source = await openFrameSource(path, { backend });
    const other = source.frames({ start: 10 })[Symbol.asyncIterator]();
    let i = 0;
    for await (const frame of source.frames({ end: 12 })) {
      expect(decodeIndex(frame)).toBe(i++);
      expect(decodeIndex(await source.frame(59 - i))).toBe(59 - i);
      const next = await other.next();
      expect(decodeIndex(next.value)).toBe(9 + i);
    }
    await other.return?.();
    const together = await Promise.all([40, 3, 55].map(async (k) => source.frame(k)));
    expect(together.map(decodeIndex)).toEqual([40, 3, 55]);
  });

  media("a name with a colon, a percent sign and spaces, in a relative path", async () => {
    const path = await writeClip(at(`${backend} x:y %03d é.mp4`), { count: 2 });
    await using source = await openFrameSource(relative(process.cwd(), path), { backend });
    expect(await indices(source)).toEqual([0, 1]);
  });

  media("one frame", async () => {
    for (const format of ["mp4", "gif"]) {
      const path = await writeClip(at(`${backend}-one.${format}`), { count: 1 });
      await using source = await openFrameSource(path, { backend });
      expect(source.frameCount).toBe(1);
      expect(await indices(source)).toEqual([0]);
    }
  });

  const FIXED = 65536;
  const turns: readonly (readonly [string, readonly number[]])[] = [
    ["90 clockwise", [0, FIXED, 0, -FIXED, 0, 0, 0, 0, 1 << 30]],
    ["180", [-FIXED, 0, 0, 0, -FIXED, 0, 0, 0, 1 << 30]],
    ["270 clockwise", [0, -FIXED, 0, FIXED, 0, 0, 0, 0, 1 << 30]],
  ];
  test.skipIf(!ready || !backends[0][1]).each(turns)("turned by %s", async (name, matrix) => {
    const plain = await writeClip(at(`${backend}-plain.mp4`), { count: 3 });
    const path = at(`${backend}-turned-${name[0]}.mp4`);
    await withDisplayMatrix(plain, path, matrix);
    await using source = await openFrameSource(path, { backend });
    const [width, height] = name === "180" ? [96, 72] : [72, 96];
    expect([source.width, source.height]).toEqual([width, height]);
    const stored = codedFrame(1, 96, 72);
    const { data } = await source.frame(1);
    // Where the stored pixel (x, y) must be seen, by the definition of each turn.
    const seen = {
      "90 clockwise": (x: number, y: number) => [71 - y, x],
      "180": (x: number, y: number) => [95 - x, 71 - y],
      "270 clockwise": (x: number, y: number) => [y, 95 - x],
    }[name]!;
    for (const [x, y] of [
      [5, 5],
      [5, 60],
      [90, 5],
      [90, 60],
      [40, 30],
    ]) {
      const [sx, sy] = seen(x, y);
      expect(Math.abs(data[3 * (sy * width + sx)] - stored[3 * (y * 96 + x)])).toBeLessThan(40);
    }
  });

  media("a truncated file gives the frames that decode, and a warning", async () => {
    const bytes = await readFile(await writeClip(at(`${backend}-whole.mp4`), { count: 200 }));
    const path = at(`${backend}-cut.mp4`);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const logger = collector();
    await using source = await openFrameSource(path, { backend, logger });
    expect(source.frameCount).toBeGreaterThan(20);
    expect(source.frameCount).toBeLessThan(200);
    expect(logger.lines.join("\n")).toContain(path);
    expect(await indices(source, 0, source.frameCount - 5)).toEqual(upTo(source.frameCount - 5));
    expect((await source.frame(source.frameCount - 1)).index).toBe(source.frameCount - 1);
  });

  media("a truncated webm too", async () => {
    const bytes = await readFile(await writeClip(at(`${backend}-whole.webm`), { count: 200 }));
    const path = at(`${backend}-cut.webm`);
    await writeFile(path, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const logger = collector();
    await using source = await openFrameSource(path, { backend, logger });
    expect(source.frameCount).toBeLessThan(200);
    expect(logger.lines.join("\n")).toContain(path);
    expect((await indices(source)).length).toBe(source.frameCount);
  });

  media("an intact file gives no warning", async () => {
    const logger = collector();
    await using source = await openFrameSource(await writeClip(at(`${backend}-fine.webm`), { count: 30 }), {
      backend,
      logger,
    });
    expect(source.frameCount).toBe(30);
    expect(logger.lines).toEqual([]);
  });

  media("a damaged middle gives the other frames", async () => {
    const bytes = await readFile(await writeClip(at(`${backend}-whole2.mp4`), { count: 200 }));
    bytes.fill(0xa5, bytes.length * 0.5, bytes.length * 0.5 + 400);
    const path = at(`${backend}-damaged.mp4`);
    await writeFile(path, bytes);
    await using source = await openFrameSource(path, { backend, logger: collector() });
    expect(source.frameCount).toBeGreaterThan(100);
    let count = 0;
    for await (const frame of source.frames()) count += frame.data.length > 0 ? 1 : 0;
    expect(count).toBe(source.frameCount);
  });

  media("text, noise, a cut header: not a video, said by name", async () => {
    const random = new Random(9);
    const whole = await readFile(await writeClip(at(`${backend}-whole3.mp4`), { count: 5 }));
    const contents = {
      "text.mp4": Buffer.from("This is not a video.\n".repeat(100)),
      "noise.avi": Buffer.from(Array.from({ length: 5000 }, () => random.integer(256))),
      "head.mp4": whole.subarray(0, 300),
      "none.gif": Buffer.from("GIF89a"),
    };
    for (const [name, bytes] of Object.entries(contents)) {
      const path = at(`${backend}-${name}`);
      await writeFile(path, bytes);
      await expect(openFrameSource(path, { backend })).rejects.toMatchObject({
        name: "UserError",
        message: expect.stringContaining(path),
      });
    }
  });

  media("indices and ranges outside the clip; reading after close", async () => {
    const path = await writeClip(at(`${backend}-range.mp4`), { count: 5 });
    const source = await openFrameSource(path, { backend });
    for (const i of [-1, 5, 1.5, Number.NaN])
      await expect(source.frame(i)).rejects.toMatchObject({ code: "video/frame-index" });
    expect(await indices(source, 3, 99)).toEqual([3, 4]);
    expect(await indices(source, 5)).toEqual([]);
    await expect(indices(source, 6)).rejects.toMatchObject({ code: "video/frame-index" });
    const iterator = source.frames()[Symbol.asyncIterator]();
    await iterator.next();
    await source.close();
    await expect(iterator.next()).rejects.toMatchObject({ code: "video/closed" });
    await expect(source.frame(0)).rejects.toMatchObject({ code: "video/closed" });
  });
});

test.skipIf(!backends.every(([, there]) => there))("both backends give the same pixels", async () => {
  const path = await writeClip(at("same.mp4"), { count: 12, width: 98 });
  await using a = await openFrameSource(path, { backend: "node-av" });
  await using b = await openFrameSource(path, { backend: "ffmpeg" });
  expect([...a.timesSec]).toEqual([...b.timesSec]);
  for (const i of [0, 7, 11]) {
    const [x, y] = [(await a.frame(i)).data, (await b.frame(i)).data];
    expect(Math.max(...x.map((v, k) => Math.abs(v - y[k])))).toBeLessThanOrEqual(2);
  }
});

test("missing, zero-byte and no folder of images", async () => {
  await expect(openFrameSource(at("nowhere.mp4"))).rejects.toMatchObject({ code: "video/missing" });
  await writeFile(at("zero.mp4"), "");
  await expect(openFrameSource(at("zero.mp4"))).rejects.toMatchObject({ code: "video/empty" });
});

test("ffmpeg asked for and not there: says how to get it", async () => {
  const before = process.env["FFMPEG_PATH"];
  process.env["FFMPEG_PATH"] = at("no-such-program");
  try {
    await writeFile(at("some.mp4"), "some bytes");
    await expect(openFrameSource(at("some.mp4"), { backend: "ffmpeg" })).rejects.toThrow(/node-av.*FFMPEG_PATH/s);
  } finally {
    if (before === undefined) delete process.env["FFMPEG_PATH"];
    else process.env["FFMPEG_PATH"] = before;
  }
});

test.skipIf(program === undefined).each(backends.filter(([, there]) => there))(
  "%s: a stream that breaks off within a picture is damaged, and has one track",
  async (backend) => {
    const coding = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-f", "mpegts", at("whole.ts")];
    await promisify(execFile)(program!, [
      "-v",
      "error",
      "-y",
      "-f",
      "lavfi",
      "-i",
      "testsrc2=s=176x144:r=25:d=0.6",
      ...coding,
    ]);
    const bytes = await readFile(at("whole.ts"));
    const said = async (length: number): Promise<string[]> => {
      await writeFile(at("some.ts"), bytes.subarray(0, length));
      const logger = collector();
      await using _ = await openFrameSource(at("some.ts"), { backend, logger });
      return logger.lines;
    };
    expect(await said(bytes.length)).toEqual([]);
    // Found by every one of a few openings, not by luck: a picture may leave a decoder of many threads before its fault is met.
    for (let opening = 0; opening < 8; opening++)
      expect(await said(Math.floor((2 * bytes.length) / 3))).toEqual([expect.stringContaining("some.ts is damaged")]);
  },
);

describe.skipIf(process.platform === "win32")("what would be waited for", () => {
  test("a named pipe is refused, not opened: nobody may ever write to it", async () => {
    await promisify(execFile)("mkfifo", [at("pipe.mp4")]);
    await expect(within(5000, openFrameSource(at("pipe.mp4")))).rejects.toThrow(
      /neither a file nor a folder: got a pipe/,
    );
    await expect(within(5000, openFrameSource("/dev/null"))).rejects.toThrow(/a device/);
  });

  test.skipIf(program === undefined || probe === undefined)(
    "a picture whose time ffmpeg does not know, after a seek",
    async () => {
      await writeClip(at("timed.mp4"), { count: 40 });
      const stub = at("ffmpeg-without-times");
      await writeFile(
        stub,
        `#!/bin/sh\n{ "${program}" "$@" 2>&1 >&3 | sed -u '/showinfo/s/pts: *[0-9]*/pts: NOPTS/' >&2; } 3>&1\n`,
      );
      await chmod(stub, 0o755);
      await using source = await openFfmpegSource(at("timed.mp4"), { ffmpeg: stub, ffprobe: probe! }, silent);
      expect(decodeIndex(await within(20_000, source.frame(30)))).toBe(30);
    },
  );
});
