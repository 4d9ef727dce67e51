import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClipList } from "../../src/server/clips/clipList.ts";
import { isWithin, openRoots, within, withinRoots } from "../../src/server/clips/roots.ts";
import { pathHider } from "../../src/server/security/hiddenPaths.ts";
import { makeFootage, type SmallFootage } from "./service.ts";

let footage: SmallFootage;
beforeAll(async () => {
  footage = await makeFootage(2);
  await mkdir(join(footage.root, "data", "sessions", "s", "masks"), { recursive: true });
  await mkdir(join(footage.root, "data", "uploads", "u"), { recursive: true });
  await writeFile(join(footage.root, "data", "tokens.json"), "[]");
  await writeFile(join(footage.root, "data", "sessions", "s", "masks", "00000.png"), "x");
  await writeFile(join(footage.root, "data", "uploads", "u", "a.mp4"), "x");
  await mkdir(join(footage.around, "footage", "inner"));
  await symlink(footage.around, join(footage.root, "up"));
});
afterAll(() => rm(footage.around, { recursive: true }));

const rootsOf = async () => {
  const own = join(footage.root, "data");
  const uploads = { name: "uploads", path: join(own, "uploads") };
  return [...(await openRoots([footage.root, join(footage.around, "footage", "inner")], own, ["uploads"])), uploads];
};

describe("roots", () => {
  it("have names of their own, and are there", async () => {
    const same = [footage.root, footage.root, join(footage.root, "inner")];
    expect((await openRoots(same, "/none", ["footage"])).map(({ name }) => name)).toEqual(["footage-2", "inner"]);
    await expect(openRoots([join(footage.root, "nothing")], "/none")).rejects.toMatchObject({
      code: "service/missing",
    });
  });

  it("that hold the service's own folder do not show it, uploads apart", async () => {
    const roots = await rootsOf();
    const places = (await new ClipList(roots).all()).map(({ root, place }) => `${root}: ${place}`);
    expect(places).toEqual(["footage: clip", "uploads: u/a.mp4"]);
    const hidden = withinRoots(roots, join(footage.root, "data", "tokens.json"));
    await expect(hidden).rejects.toMatchObject({ code: "service/path" });
    expect(await withinRoots(roots, join(footage.root, "clip"))).toBe(join(footage.root, "clip"));
  });

  it("are left by no link", async () => {
    await expect(within(footage.root, "up/footage")).resolves.toBe(footage.root);
    await expect(within(footage.root, "up")).rejects.toMatchObject({ code: "service/path" });
    await expect(within(footage.root, "..")).rejects.toMatchObject({ code: "service/path" });
  });
});

it.each([
  ["/a", "/a", true],
  ["/a", "/a/b", true],
  ["/a", "/ab", false],
  ["/a", "/", false],
  ["/a", "/a/..b", true],
  ["/", "/a", true],
])("%s holds %s: %s", (folder, path, holds) => expect(isWithin(folder, path)).toBe(holds));

it("paths are hidden in all texts, the innermost folder first", () => {
  const hide = pathHider([{ name: "clips", path: "/x/clips" }], "/x");
  const value = { a: ["/x/clips/b.mp4: no", { c: "/x/jobs/1" }], n: 3, none: null, text: "in /x/clips" };
  expect(hide(value)).toEqual({ a: ["clips/b.mp4: no", { c: "data/jobs/1" }], n: 3, none: null, text: "in clips" });
});
