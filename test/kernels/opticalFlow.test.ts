import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { farneback } from "../../bench/farneback.ts";
import {
  endPointError,
  type FlowScene,
  type Layer,
  noisePattern,
  renderScene,
  standardScenes,
  translation,
} from "../../bench/flowScenes.ts";
import { Random } from "../../src/core/random.ts";
import { type GreyPicture, OpticalFlow } from "../../src/kernels/opticalFlow.ts";
import { referenceFlow } from "../reference/opticalFlow.ts";

const picture = ({ width, height }: FlowScene, data: Float32Array): GreyPicture => ({ width, height, data });

function noisePicture(width: number, height: number, seed: number): GreyPicture {
  const random = new Random(seed);
  return { width, height, data: Float32Array.from({ length: width * height }, () => random.integer(256)) };
}

describe("the flow kernel", () => {
  it.each([
    [96, 64],
    [77, 53],
    [40, 18],
  ])("equals the slow reference at %i x %i", async (width, height) => {
    await using kernel = await OpticalFlow.open({ threads: 2 });
    for (const scene of standardScenes(width, height)
      .slice(2)
      .filter((_, i) => i % 2 === 0)
      // What moves by half of the picture is lost, and rounding decides where to.
      .filter(({ name }) => width > 64 || name !== "translation 20, -8")) {
      const flow = await kernel.flow(picture(scene, scene.from), picture(scene, scene.to));
      const expected = referenceFlow(width, height, scene.from, scene.to);
      const differences = flow.u.map((u, p) => Math.hypot(u - expected.u[p], flow.v[p] - expected.v[p]));
      // Rounding may end the search of a patch one step earlier or later, or choose another start: rare, and all else is equal.
      const same = differences.filter((difference) => difference < 0.002).length / differences.length;
      expect(same, scene.name).toBeGreaterThan(0.97);
      expect(differences.reduce((a, b) => a + b, 0) / differences.length, scene.name).toBeLessThan(0.02);
    }
  });

  it.each([
    [1, 1],
    [5, 7],
    [16, 16],
    [1, 40],
    [300, 3],
  ])("is finite and small on pictures of %i x %i", async (width, height) => {
    await using kernel = await OpticalFlow.open({ threads: 2 });
    const flow = await kernel.checkedFlow(noisePicture(width, height, 1), noisePicture(width, height, 2));
    expect(flow.u.length).toBe(width * height);
    for (const plane of [flow.u, flow.v]) expect(plane.every((value) => Math.abs(value) < 64)).toBe(true);
  });

  it("does not depend on the number of threads, nor on what was computed before", async () => {
    const scene = standardScenes(120, 75)[6];
    const results = [];
    for (const threads of [1, 2, 5]) {
      await using kernel = await OpticalFlow.open({ threads });
      await kernel.checkedFlow(noisePicture(31, 200, 1), noisePicture(31, 200, 2));
      results.push(await kernel.checkedFlow(picture(scene, scene.from), picture(scene, scene.to)));
    }
    const bytes = results.map(({ u, v, valid }) =>
      Buffer.concat([u, v, valid].map((plane) => Buffer.from(plane.buffer))),
    );
    expect(bytes.map((one) => one.equals(bytes[0]))).toEqual([true, true, true]);
  });

  it("is exactly zero and valid between equal pictures", async () => {
    await using kernel = await OpticalFlow.open({ threads: 2 });
    const one = noisePicture(90, 50, 3);
    const flow = await kernel.checkedFlow(one, one);
    expect([...flow.u, ...flow.v].every((value) => value === 0)).toBe(true);
    expect(flow.valid.every((value) => value === 1)).toBe(true);
  });

  it("just opened, with larger pictures than there is room for, many at once: the same flow", async () => {
    const [from, to] = [noisePicture(300, 200, 3), noisePicture(300, 200, 4)];
    const flows = await Promise.all(
      Array.from({ length: 6 }, async () => {
        await using kernel = await OpticalFlow.open({ threads: 2 });
        const small = await kernel.flow(noisePicture(40, 30, 1), noisePicture(40, 30, 2));
        const large = await kernel.checkedFlow(from, to);
        expect(await kernel.flow(noisePicture(40, 30, 1), noisePicture(40, 30, 2))).toEqual(small);
        return large;
      }),
    );
    for (const flow of flows) expect(flow).toEqual(flows[0]);
  });

  it("closed while it makes room ends the new workers too", async () => {
    const kernel = await OpticalFlow.open({ threads: 2 });
    const job = kernel.flow(noisePicture(300, 200, 3), noisePicture(300, 200, 4));
    await Promise.all([expect(job).rejects.toThrow("closed"), kernel.close()]);
  });

  it("closing while a job runs rejects the job and ends the workers, also those that wait for others", async () => {
    for (let round = 0; round < 3; round++) {
      const kernel = await OpticalFlow.open({ threads: 5 });
      const one = noisePicture(300, 200, 3);
      await kernel.flow(one, one);
      const job = kernel.flow(one, noisePicture(300, 200, 4)).then(
        () => "done",
        (error: Error) => error.message,
      );
      // At once in the first round; in the others a busy machine may have finished the job before.
      if (round > 0) await new Promise((resolve) => setTimeout(resolve, round));
      await kernel.close();
      const rejected = expect.stringContaining("closed while a job was running") as string;
      expect(round > 0 ? [rejected, "done"] : [rejected]).toContainEqual(await job);
    }
  });

  it("refuses pictures of different sizes", async () => {
    await using kernel = await OpticalFlow.open({ threads: 1 });
    await expect(kernel.flow(noisePicture(8, 8, 1), noisePicture(8, 9, 1))).rejects.toThrow("internal: flow between");
  });
});

/** The share of what is seen in both pictures whose flow passes the check and is right to a pixel. */
async function soundShare(kernel: OpticalFlow, scene: FlowScene): Promise<number> {
  const { u, v, valid } = await kernel.checkedFlow(picture(scene, scene.from), picture(scene, scene.to));
  const isSound = (p: number): boolean => valid[p] === 1 && Math.hypot(u[p] - scene.u[p], v[p] - scene.v[p]) < 1;
  const seen = [...scene.visible.keys()].filter((p) => scene.visible[p] === 1);
  return seen.filter(isSound).length / seen.length;
}

const pan = (dx: number, dy: number, seed: number): Layer => ({ pattern: noisePattern(seed), ...translation(dx, dy) });

describe("flow of fast pans", () => {
  const [width, height] = [224, 128];
  const inside = (x: number, y: number): boolean => Math.hypot(x - width / 2, y - height / 2) < height / 5;
  const thing: Layer = { pattern: noisePattern(11, 48), ...translation(3, 1), inside };

  it.each([
    [40, -16],
    [30, 30],
  ])("a picture that moves by %i, %i pixels is followed", async (dx, dy) => {
    await using kernel = await OpticalFlow.open({ threads: 2 });
    for (const seed of [1, 2, 3]) {
      const alone = renderScene("pan", width, height, [pan(dx, dy, seed)]);
      expect(await soundShare(kernel, alone)).toBeGreaterThan(0.97);
      const withThing = renderScene("pan behind a thing", width, height, [pan(dx, dy, seed), thing]);
      expect(await soundShare(kernel, withThing)).toBeGreaterThan(0.52);
    }
  });
});

describe("flow of exact motions", () => {
  const scenes = standardScenes(224, 128);

  it("has on average a lower end-point error than Farnebäck's method in OpenCV", async () => {
    await using kernel = await OpticalFlow.open({ threads: 2 });
    const oracle = await farneback(createRequire(import.meta.url));
    const sums = { ours: 0, oursInner: 0, theirs: 0, theirsInner: 0 };
    for (const scene of scenes) {
      const flow = await kernel.flow(picture(scene, scene.from), picture(scene, scene.to));
      const ours = endPointError(scene, flow.u, flow.v);
      const other = oracle(scene);
      const theirs = endPointError(scene, other.u, other.v);
      sums.ours += ours.all;
      sums.oursInner += ours.inner;
      sums.theirs += theirs.all;
      sums.theirsInner += theirs.inner;
    }
    expect(sums.ours).toBeLessThan(sums.theirs);
    expect(sums.oursInner).toBeLessThan(sums.theirsInner);
  });

  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    "%s: within a quarter of a pixel where visible",
    async (_, scene) => {
      await using kernel = await OpticalFlow.open({ threads: 2 });
      const flow = await kernel.flow(picture(scene, scene.from), picture(scene, scene.to));
      expect(endPointError(scene, flow.u, flow.v).visible).toBeLessThan(0.25);
    },
  );

  it.each(scenes.map((scene) => [scene.name, scene] as const))(
    "%s: the check marks what is hidden",
    async (_, scene) => {
      await using kernel = await OpticalFlow.open({ threads: 2 });
      const flow = await kernel.checkedFlow(picture(scene, scene.from), picture(scene, scene.to));
      const share = (visible: number): number => {
        const marked = flow.valid.filter((_unused, p) => scene.visible[p] === visible);
        return marked.length === 0 ? visible : marked.reduce((a, b) => a + b, 0) / marked.length;
      };
      expect(share(1)).toBeGreaterThan(0.9);
      expect(share(0)).toBeLessThan(0.4);
    },
  );
});
