/** @file The browser entry in a page: features, affinity and carried labels are Node's. */
import { beforeAll, describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.ts";
import { frameAffinity } from "../../src/method/frameAffinity.ts";
import { openEncoder } from "../../src/method/node/openEncoder.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { bundled } from "./bundle.ts";
import { noPages, openPage, type Site } from "./page.ts";
import { type Compared, movingWeights } from "./pageProgram.ts";

const WEIGHTS = "weights/nano.safetensors";
const SETTINGS = { temperature: 0.07, topK: 5, window: { shape: "square", cells: 3, inclusive: true } } as const;
const HTML = `<!doctype html>
<script type="importmap">{ "imports": { "onnxruntime-web": "/ort/ort.wasm.min.mjs" } }</script>
<script type="module" src="/bundle.js"></script>`;

/** Soft blobs, moved: something to find again. */
function picture(seed: number, shift: number): RgbPicture {
  const [width, height] = [48, 40];
  const random = new Random(seed);
  const blobs = Array.from({ length: 12 }, () => ({
    x: random.next() * width,
    y: random.next() * height,
    c: random.next(),
  }));
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    const light = blobs.reduce(
      (sum, { x: bx, y: by, c }, k) =>
        sum + Math.exp(-((x - bx - shift) ** 2 + (y - by) ** 2) / 30) * (k % 3 === channel ? 1 : c),
      0,
    );
    return Math.min(255, 40 + 200 * light);
  });
  return { width, height, data };
}

const pictures = [picture(1, 0), picture(1, 5)];
const sent = pictures.map(({ width, height, data }) => ({ width, height, data: [...data] }));

async function inNode(): Promise<Pick<Compared, "features" | "affinity">> {
  await using encoder = await openEncoder({ weights: WEIGHTS, threads: 1 });
  const [reference, target] = [await encoder.encode(pictures[0]), await encoder.encode(pictures[1])];
  return { features: [...target.data], affinity: [...(await frameAffinity(target, reference, SETTINGS))] };
}

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe.skipIf(noPages !== undefined)(`in a page${noPages === undefined ? "" : ` (skipped: ${noPages})`}`, () => {
  let site: Omit<Site, "isolated">;
  let node: Awaited<ReturnType<typeof inNode>>;

  beforeAll(async () => {
    site = {
      files: { "/index.html": HTML, "/bundle.js": (await bundled("test/browser/pageProgram.ts")).code },
      folders: {
        "/kernels/": "dist/kernels",
        "/ort/": "node_modules/onnxruntime-web/dist",
        "/weights/": "weights",
      },
    };
    node = await inNode();
  });

  test.each([true, false])("with memory shared between threads: %s", async (isolated) => {
    await using opened = await openPage({ ...site, isolated });
    const got = await opened.call("compare", sent, SETTINGS);
    expect(opened.problems).toEqual([]);
    expect(got.isolated).toBe(isolated);
    expect(got.threads).toBe(isolated ? got.cores : 1);
    expect(got.features.length).toBe(node.features.length);
    expect(largestDifference(got.features, node.features)).toBeLessThan(1e-4);
    expect(got.affinity.length).toBe(node.affinity.length);
    expect(largestDifference(got.affinity, node.affinity)).toBeLessThan(1e-4);
  });

  test.each([true, false])("motion enhancement, with memory shared between threads: %s", async (isolated) => {
    await using encoder = await openEncoder({ weights: movingWeights(), threads: 1, camera: "still" });
    await encoder.encode(pictures[0]);
    const moved = await encoder.encode(pictures[1]);
    encoder.restart();
    const withoutMotion = await encoder.encode(pictures[1]);
    expect(largestDifference([...moved.data], [...withoutMotion.data])).toBeGreaterThan(1e-2);
    await using opened = await openPage({ ...site, isolated });
    const got = await opened.call("moving", sent);
    expect(opened.problems).toEqual([]);
    expect(largestDifference(got, [...moved.data])).toBeLessThan(1e-3);
  });

  test("a page that serves no kernels gets an error that says so", async () => {
    const { "/kernels/": _, ...folders } = site.folders;
    await using opened = await openPage({ ...site, folders, isolated: false });
    const { message } = await opened.call("kernelFailure");
    expect(message).toMatch(/^internal: the kernel http:.*\/kernels\/match\.wasm cannot be loaded .*HTTP 404/u);
  });

  test("one without onnxruntime-web gets an error that says so", async () => {
    const files = { ...site.files, "/index.html": '<!doctype html><script type="module" src="/bundle.js"></script>' };
    await using opened = await openPage({ ...site, files, isolated: false });
    const { code, message } = await opened.call("runtimeFailure");
    expect(code).toBe("tensor/device");
    expect(message).toContain("give openWebCompiler a `runtime` that loads it");
  });

  test("kernels that are called synchronously are loaded beforehand, or the message says so", async () => {
    await using opened = await openPage({ ...site, isolated: false });
    const { message } = await opened.call("shrunk", sent[0], false);
    expect(message).toContain('internal: the kernel pixels is not loaded yet: await loadKernel("pixels") first');
    expect(await opened.call("shrunk", sent[0], true)).toEqual({ code: "none", message: "" });
  });

  test("broken weights are the user's error, as in Node", async () => {
    await using opened = await openPage({ ...site, isolated: false });
    const { code, message } = await opened.call("weightsFailure", [1, 2, 3]);
    expect(code).toBe("weights/safetensors");
    expect(message).toContain("w is not a valid safetensors file: it has 3 bytes");
  });
});
