/** The files of a site: what is read strictly, what footage becomes, the registry, looks, the plan's page, a check in short. */
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import type { Check, CheckedClip, CheckedReading } from "../../src/footage/checkFile.ts";
import { DEFAULT_WEIGHTS } from "../../src/method/node/weightsFile.ts";
import { findFootage } from "../../src/site/footage.ts";
import { modelFolder, readModels, registerDefault, sha256, siteModelSchema } from "../../src/site/models.ts";
import { DESCRIPTOR, descriptorsOf, lookAt, lookSchema } from "../../src/site/plan/look.ts";
import { type Plan, USUAL_WISHES } from "../../src/site/plan/plan.ts";
import { planHtml, reachText } from "../../src/site/plan/planPage.ts";
import { checkSummary } from "../../src/site/report/checkSummary.ts";
import { siteSchema } from "../../src/site/siteFile.ts";
import { SiteFolder } from "../../src/site/siteFolder.ts";
import type { RgbPicture } from "../../src/video/picture.ts";
import { frameList } from "../../src/video/frameList.ts";
import { openFrameSource } from "../../src/video/frameSource.ts";
import { makeImageFolder } from "../training/footage.ts";
import { evidenceOf } from "./evidence.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "site-files-"));
});
afterEach(() => rm(root, { recursive: true }));
const never = new AbortController().signal;

const flat = (level: number, index: number) => {
  const picture: RgbPicture = { width: 64, height: 48, data: new Uint8Array(64 * 48 * 3).fill(level) };
  return { ...picture, index, timeSec: index / 4, name: String(index) };
};

const reading = (verdict: CheckedReading["verdict"], said: string) => ({ verdict, said, todo: "do" }) as CheckedReading;

const clip = (path: string, readings: readonly CheckedReading[]): CheckedClip => {
  const verdict = readings.some((one) => one.verdict === "poor") ? "poor" : "usable";
  return { path, width: 1, height: 1, frames: 1, seconds: 1, verdict, readings: [...readings] } satisfies CheckedClip;
};

describe("site.json", () => {
  const { site } = evidenceOf({ passages: [0.9] });

  it("of our own making is accepted", () => expect(siteSchema.parse(site)).toEqual(site));

  it("with any unknown key, at any depth, is refused", () => {
    const places: ((key: string) => object)[] = [
      (key) => ({ ...site, [key]: 1 }),
      (key) => ({ ...site, prices: { ...site.prices, [key]: 1 } }),
      (key) => ({ ...site, tracker: { [key]: 1 } }),
      (key) => ({ ...site, footage: [{ ...site.footage[0], [key]: 1 }] }),
      (key) => ({ ...site, targets: [{ ...site.targets[0], [key]: 1 }] }),
    ];
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...places), (key, placed) => {
        fc.pre(!["__proto__", "mode", "protocol", "shortSide"].includes(key));
        fc.pre(!(key in site) && !(key in site.prices) && !(key in site.footage[0]) && !(key in site.targets[0]));
        expect(siteSchema.safeParse(placed(key)).success).toBe(false);
      }),
    );
  });

  it.each([
    ["prices", { maskSec: 0 }],
    ["prices", { wagePerHour: -1 }],
    ["footage", []],
    ["made", "yesterday"],
    ["model", -1],
    ["format", 0],
  ])("with %s = %j is refused", (key, value) => {
    const whole = typeof value === "object" && !Array.isArray(value) ? { ...site.prices, ...value } : value;
    expect(siteSchema.safeParse({ ...site, [key]: whole }).success).toBe(false);
  });

  it("cut off in the middle says that it is no JSON", async () => {
    await writeFile(join(root, "site.json"), JSON.stringify(site).slice(0, 90));
    await expect(new SiteFolder(root).read()).rejects.toMatchObject({ code: "json/invalid" });
  });
});

describe("footage", () => {
  const options = { logger: silent, signal: never };

  it("of one name in several folders has names that tell them apart, and keeps them", async () => {
    for (const camera of ["a", "b", "c"]) {
      await mkdir(join(root, camera), { recursive: true });
      await makeImageFolder(join(root, camera), "clip", 3);
    }
    const first = await findFootage([join(root, "b")], [], options);
    expect(first.clips.map(({ key, camera }) => [key, camera])).toEqual([["clip", "b"]]);
    const all = await findFootage([root], first.clips, options);
    expect(all.clips.map(({ key, camera }) => [key, camera])).toEqual([
      ["clip", "b"],
      ["a-clip", "a"],
      ["c-clip", "c"],
    ]);
    expect(await findFootage([root], all.clips, options)).toMatchObject({ clips: all.clips });
  });

  it("that differs only in capitals has names that differ on every file system", async () => {
    for (const name of ["x/Clip", "x/clip", "y/x-clip"]) {
      const [camera, clip] = name.split("/");
      await mkdir(join(root, camera), { recursive: true });
      await makeImageFolder(join(root, camera), clip, 3);
    }
    const keys = (await findFootage([root], [], options)).clips.map(({ key }) => key.toLowerCase());
    expect(new Set(keys).size).toBe(3);
  });

  it("that was moved keeps its name and its camera; another clip of its name does not take them", async () => {
    await mkdir(join(root, "old"));
    await makeImageFolder(join(root, "old"), "clip", 3);
    const { clips } = await findFootage([join(root, "old")], [], options);
    await mkdir(join(root, "new"));
    await makeImageFolder(join(root, "new"), "clip", 4);
    expect((await findFootage([join(root, "new")], clips, options)).clips).toHaveLength(2);
    await rm(join(root, "new"), { recursive: true });
    await rename(join(root, "old"), join(root, "new"));
    const moved = await findFootage([join(root, "new")], clips, options);
    expect(moved.clips).toEqual([{ ...clips[0], path: join(root, "new", "clip") }]);
  });

  it("is found once where it is given twice, through links to files too", async () => {
    await makeImageFolder(root, "clip", 3);
    const { clips } = await findFootage([join(root, "clip"), root], [], options);
    expect(clips).toHaveLength(1);
    await symlink(join(root, "nowhere.mp4"), join(root, "broken.mp4"));
    expect((await findFootage([root], [], options)).clips).toHaveLength(1);
  });

  it("is not looked at further once it is stopped", async () => {
    await makeImageFolder(root, "clip", 3);
    const signal = AbortSignal.abort(new Interrupted("stop"));
    await expect(findFootage([root], [], { logger: silent, signal })).rejects.toThrow("stop");
  });
});

describe("the registry", () => {
  it("has the weights of the package as number 0, others in order", async () => {
    const folder = new SiteFolder(root);
    expect(await readModels(folder)).toEqual([]);
    await registerDefault(folder, DEFAULT_WEIGHTS);
    const [model] = await readModels(folder);
    expect(model).toMatchObject({ number: 0, name: "default", accepted: true, sha256: await sha256(DEFAULT_WEIGHTS) });
    const later = {
      ...model,
      number: 12,
      name: "adapted-2026-11-30",
      parent: 0,
      weights: "weights.safetensors",
      accepted: false,
    };
    await folder.writeJson(["models", modelFolder(later), "model.json"], later);
    await mkdir(join(root, "models", "notes"));
    expect((await readModels(folder)).map(({ number }) => number)).toEqual([0, 12]);
    expect(modelFolder(later)).toBe("0012-adapted-2026-11-30");
    expect(siteModelSchema.safeParse({ ...model, wonder: 1 }).success).toBe(false);
  });
});

describe("a look", () => {
  it("describes two frames a second, by colour and by what changed", async () => {
    const frames = [0, 0, 0, 0, 255, 255, 255, 255].map(flat);
    const source = frameList(frames, "flat");
    const seen: number[] = [];
    const look = lookSchema.parse(await lookAt(source, never, (index) => void seen.push(index)));
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(look.frames).toBe(8);
    const described = descriptorsOf(look);
    expect(described).toHaveLength(look.described.length);
    const cells = DESCRIPTOR / 4;
    const at = (frame: number): Uint8Array => described[look.described.indexOf(frame)];
    // Black is L = 0, white L = 100: bytes 0 and 255. Where white follows black, L changes by all of it.
    expect([at(0)[0], at(4)[0]]).toEqual([0, 255]);
    expect(at(0)[3 * cells]).toBe(0);
    expect(at(4)[3 * cells]).toBe(255);
    expect(at(4).length).toBe(DESCRIPTOR);
  });

  it("finds where one clip is cut to another", async () => {
    await makeImageFolder(root, "a", 4, { size: 64 });
    const { renderProductionLine } = await import("../../src/synthetic/productionLine.ts");
    const { encodePng } = await import("../../src/video/writing/png.ts");
    await cp(join(root, "a"), join(root, "both"), { recursive: true });
    for (const { frame } of renderProductionLine({ width: 64, height: 64, frames: 3 }))
      await writeFile(join(root, "both", `0000${4 + frame.index}.png`), await encodePng(frame));
    await using source = await openFrameSource(join(root, "both"));
    expect((await lookAt(source, never, () => {})).cuts).toEqual([4]);
  });

  it("stops when it is told to", async () => {
    await makeImageFolder(root, "a", 4);
    await using source = await openFrameSource(join(root, "a"));
    const stopping = new AbortController();
    const look = lookAt(source, stopping.signal, (index) => {
      if (index === 1) stopping.abort(new Interrupted("stop"));
    });
    await expect(look).rejects.toThrow("stop");
  });
});

describe("the plan's page", () => {
  const frame = {
    clip: "部品 <2>",
    camera: "c",
    passage: "p",
    frame: 3,
    role: "verdict",
    order: 1,
    timeSec: 0.12,
    picture: "plan/frames/部品 <2>/00003.png",
    label: "labels/部品 <2>/00003.png",
    labelled: false,
  } as const;
  const plan: Plan = {
    passages: 24,
    perPassage: 2,
    asked: { ...USUAL_WISHES, reach: 0.05 },
    available: 24,
    reach: 0.0561,
    spread: { between: 0.12, within: 0.1, assumed: true },
    labelSec: 7200,
    objectsPerFrame: 2,
    frames: [frame, { ...frame, order: 2, labelled: true }],
  };

  it("names files as they are and links to them as a browser needs it", () => {
    const page = planHtml(evidenceOf({ passages: [] }).site, plan);
    expect(page).toContain("<code>labels/部品 &lt;2&gt;/00003.png</code>");
    expect(page).toContain(`src="frames/${encodeURIComponent("部品 <2>")}/00003.png"`);
    expect(page).toContain("1 without a label (about 2 h 00 min at 60 s a mask and 2 to a frame)");
    expect(page.match(/<li class="done">/gu)).toHaveLength(1);
  });

  it.each([
    [{}, /reach ± 0\.056 \(as far as is assumed .*\)\. Wanted was ± 0\.05: the footage has only 24 passages\./u],
    [
      { available: 90 },
      /Wanted was ± 0\.05: that takes more of the 90 passages that the footage has \(--passages\)\./u,
    ],
    [{ reach: 0.04 }, /reach ± 0\.040 .*0\.10\)\.$/u],
    [
      { reach: 0.04, spread: { between: 0.2, within: 0.05, assumed: false } },
      /by the labels so far: clips differ by 0\.20/u,
    ],
  ])("%o", (change, says) => expect(reachText({ ...plan, ...change })).toMatch(says));
});

it("a check in short: clips by verdict, the worst readings first, those that are good left out", () => {
  const check: Check = {
    format: "tsumugi-check/1",
    tsumugi: "0.1.0",
    language: "en",
    verdict: "poor",
    clips: [
      clip("/f/a.mp4", [reading("usable", "dim"), reading("good", "sharp")]),
      clip("/f/b.mp4", [reading("poor", "dark")]),
      { path: "/f/c.mp4", verdict: "unreadable", error: { code: "video/empty", message: "empty" } },
    ],
  };
  const { findings, ...counts } = checkSummary(check);
  expect(counts).toEqual({ good: 0, usable: 1, poor: 1, unreadable: 1, language: "en" });
  expect(findings.map(({ clip: name, said }) => `${name}: ${said}`)).toEqual(["b.mp4: dark", "a.mp4: dim"]);
  const many = {
    ...check,
    clips: [
      clip(
        "/f/a.mp4",
        Array.from({ length: 30 }, () => reading("usable", "dim")),
      ),
    ],
  };
  expect(checkSummary(many).findings).toHaveLength(6);
});

it("history lines survive whatever is in them", async () => {
  const { appendEvent, readEvents } = await import("../../src/site/history.ts");
  const path = join(root, "history.jsonl");
  let count = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.string()), async (more) => {
      const { at: _at, what: _what, version: _version, ...rest } = more;
      await appendEvent(path, "x", rest);
      const events = await readEvents(path);
      expect(events).toHaveLength(++count);
      expect(events.at(-1)).toMatchObject(
        Object.fromEntries(Object.entries(rest).filter(([key]) => key !== "__proto__")),
      );
    }),
    { numRuns: 30 },
  );
  expect((await readFile(path, "utf8")).endsWith("\n")).toBe(true);
});
