/** @file Small versions of `bench/service.ts uploads` and `load`: see there. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { smallFootage, smallSettings } from "../../bench/service/footage.ts";
import { load } from "../../bench/service/load.ts";
import { breakUploads } from "../../bench/service/uploads.ts";
import { testService } from "./service.ts";

const { url, root } = testService({ workers: 2 });

describe("a service", () => {
  let footage: string;
  beforeAll(async () => {
    footage = await smallFootage(join(root(), "small"), 3);
  });

  it("bears many clients while jobs run", async () => {
    const mask = await readFile(join(footage, "mask.png"));
    const plan = { clients: 20, pause: 1, seed: 3, jobs: 2, settings: smallSettings(footage), mask };
    const found = await load({ ...plan, url: url(), isOver: (answered) => answered >= 200 });
    expect(found.errors).toEqual([]);
    expect(found.requests).toBeGreaterThanOrEqual(200);
    expect(found.jobsDone).toBeGreaterThanOrEqual(2);
    expect(found.reads.count).toBeGreaterThan(100);
    expect(found.reads.p95).toBeGreaterThanOrEqual(found.reads.p50);
  });

  it("has all bytes of uploads whose lines broke", async () => {
    const found = await breakUploads({ url: url(), uploads: 8, bytes: 200_000, breaks: 3, seed: 5 });
    expect(found).toMatchObject({ equal: 8, broken: 24 });
  });
});
