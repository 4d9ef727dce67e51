/** @file A site takes part from its footage to the common weights: what leaves it, and what kill -9 changes. */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, readdir, readFile, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../src/core/log.ts";
import { readFederation } from "../../src/federation/readFederation.ts";
import { joinFederation, type JoinResult } from "../../src/tasks/federate/joinFederation.ts";
import { inMemory } from "../../src/weights/bytes.ts";
import { parseSafetensors } from "../../src/weights/safetensorsFormat.ts";
import { isThere } from "../cli/cli.ts";
import { until } from "../server/service.ts";
import { temporaryFolder } from "../training/footage.ts";
import { coordinate, settings, siteFootage, takePart } from "./sites.ts";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const one = { ...settings, rounds: 1, minimumSites: 1 };

/** The site's token, and the folder of its footage. */
const SITE = "line-3";

let root: string;
/** Of a run that nothing disturbed. */
let undisturbed: JoinResult;
let sent: Buffer;
beforeAll(async () => {
  root = await temporaryFolder();
  await siteFootage(root, SITE);
  await using service = await coordinate(root, [SITE], { settings: one });
  using between = await tap(service.url);
  undisturbed = await takePart(root, SITE, between.url, service.tokens[SITE]);
  sent = Buffer.concat(between.sent);
}, 120_000);
afterAll(() => rm(root, { recursive: true }));

/** What a site sends through, byte by byte. */
async function tap(url: string): Promise<{ url: string; sent: Buffer[] } & Disposable> {
  const sent: Buffer[] = [];
  const { port } = new URL(url);
  const server = createServer((near) => {
    const far = connect(Number(port), "127.0.0.1");
    near.on("data", (bytes: Buffer) => void sent.push(bytes));
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: address, sent, [Symbol.dispose]: () => void server.close() };
}

interface Request {
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The requests in what was sent; all of it is in one of them. */
function requestsIn(bytes: Buffer): Request[] {
  const requests: Request[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\r\n\r\n", at);
    const [line, ...rest] = bytes.subarray(at, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(rest.map((header) => header.split(/: (?<value>.*)/su).slice(0, 2)));
    const length = Number(headers["content-length"] ?? 0);
    requests.push({ line, headers, body: bytes.subarray(end + 4, end + 4 + length) });
    at = end + 4 + length;
  }
  return requests;
}

describe("what leaves a site", () => {
  let requests: Request[];
  beforeAll(() => (requests = requestsIn(sent)));

  it("are questions, one update and one list of scores, and nothing beside them", () => {
    const lines = requests.map(({ line }) => line.replace(/[0-9a-f]{64}/u, "HASH"));
    expect(new Set(lines)).toEqual(
      new Set([
        "POST /api/federation/turns HTTP/1.1",
        "GET /api/federation/weights/HASH HTTP/1.1",
        "PUT /api/federation/rounds/1/update?frames=40 HTTP/1.1",
        "PUT /api/federation/rounds/1/scores HTTP/1.1",
      ]),
    );
    expect(lines.filter((line) => line.startsWith("PUT"))).toHaveLength(2);
    expect(undisturbed).toMatchObject({ taken: 1, rounds: [{ round: 1 }] });
    const usual = ["accept", "accept-encoding", "accept-language", "authorization", "connection", "content-length"];
    const known = new Set([...usual, "content-type", "host", "sec-fetch-mode", "user-agent"]);
    expect(requests.flatMap(({ headers }) => Object.keys(headers)).filter((name) => !known.has(name))).toEqual([]);
  });

  it("is, in the update, numbers under the names of the encoder's parameters", async () => {
    const { body } = requests.find(({ line }) => line.includes("/update")) as Request;
    const { tensors, metadata } = await parseSafetensors(inMemory("update", body));
    expect(metadata).toEqual({ variant: "nano" });
    const common = await parseSafetensors(inMemory("common", await readFile(undisturbed.weights)));
    expect([...tensors.keys()].toSorted()).toEqual([...common.tensors.keys()].toSorted());
    const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    // Beside the numbers there is room for the header only.
    expect(body.length - numbers).toBe(8 + Number(body.readBigUInt64LE(0)));
  });

  it("is, in all else, version and scores", () => {
    const bodies = requests.filter(({ line, body }) => body.length > 0 && !line.includes("/update"));
    for (const { line, body } of bodies) {
      const parsed = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
      if (line.includes("turns")) expect(Object.keys(parsed)).toEqual(["protocol", "version"]);
      else {
        const scores = [...(parsed["before"] as object[]), ...(parsed["after"] as object[])];
        expect(scores.length).toBeGreaterThan(8);
        for (const score of scores)
          expect(score).toEqual({
            stretch: expect.any(Number),
            kind: expect.stringMatching(/^(?:made|cycle)$/u),
            score: expect.any(Number),
          });
      }
    }
  });

  it("holds no name of a file, a folder, the machine or its user, and no picture", async () => {
    // Among hundreds of thousands of numbers a short name occurs by chance: what is text is searched for names.
    const numbers = (requests.find(({ line }) => line.includes("/update")) as Request).body;
    const text = sent
      .toString("latin1")
      .replace(numbers.subarray(8 + Number(numbers.readBigUInt64LE(0))).toString("latin1"), "");
    expect(sent.length - text.length).toBeGreaterThan(100_000);
    const names = ["撮影", SITE, "footage", "00000.png", root, hostname(), userInfo().homedir];
    for (const name of names) {
      const bytes = Buffer.from(name).toString("latin1");
      expect([name, text.includes(bytes)]).toEqual([name, false]);
    }
    for (const name of names.filter(({ length }) => length > 5))
      expect([name, sent.includes(name)]).toEqual([name, false]);
    for (const magic of [
      [0x89, 0x50, 0x4e, 0x47],
      [0xff, 0xd8, 0xff, 0xe0],
    ])
      expect(sent.includes(Buffer.from(magic))).toBe(false);
    const folder = join(root, "footage", SITE, `撮影 ${SITE}`);
    for (const name of (await readdir(folder)).slice(0, 5)) {
      const file = await readFile(join(folder, name));
      // Any stretch of the compressed picture would do.
      for (let at = 64; at + 16 <= file.length; at += 16) expect(sent.includes(file.subarray(at, at + 16))).toBe(false);
    }
  });
});

describe("kill -9", () => {
  it("of the coordinator and of the site, while they learn, send and compare, changes nothing", async () => {
    // The same footage under the same name.
    const rough = join(root, "rough");
    await cp(join(root, "footage"), join(rough, "footage"), { recursive: true });
    const port = await freePort();
    const begun = await coordinate(rough, [SITE], { settings: one, port });
    await begun[Symbol.asyncDispose]();
    const [data, out] = [join(rough, "coordinator"), join(rough, "joined")];
    const sets = Object.entries(settings.config).flatMap(([key, value]) => [
      "--set",
      `${key}=${JSON.stringify(value)}`,
    ]);
    const serving = ["federate", "serve", "--data", data, "--rounds", "1", "--minimum-sites", "1", "--steps", "2"];
    const processes: Record<"coordinator" | "site", ChildProcess | undefined> = {
      coordinator: undefined,
      site: undefined,
    };
    const start = (who: keyof typeof processes): void => {
      const args =
        who === "coordinator"
          ? [...serving, "--init", "none", "--port", String(port), ...sets]
          : [
              "federate",
              "join",
              begun.url,
              join(rough, "footage", SITE),
              "--out",
              out,
              "--cache",
              join(rough, "cache"),
              "--threads",
              "1",
            ];
      processes[who]?.kill("SIGKILL");
      const env = { ...process.env, TSUMUGI_TOKEN: begun.tokens[SITE] };
      processes[who] = spawn(process.execPath, [MAIN, ...args], { env, stdio: "ignore" });
    };
    const phase = async (): Promise<string> => (await readFederation(data)).rounds[0].phase;
    /** Moments of a round, each with who is killed then. */
    const moments: [() => Promise<boolean>, (keyof typeof processes)[]][] = [
      [
        async () =>
          (await readdir(join(out, "rounds"), { recursive: true }).catch(() => [])).some((name) =>
            name.endsWith("checkpoint.bin"),
          ),
        ["site", "coordinator"],
      ],
      [
        async () => (await phase()) === "comparing" && (await isThere(join(out, "scores.json"))),
        ["coordinator", "site"],
      ],
    ];
    try {
      start("coordinator");
      start("site");
      for (const [isNow, killed] of moments) {
        await until(isNow, (is) => is, 100);
        for (const who of killed) start(who);
      }
      await until(phase, (now) => now === "kept" || now === "refused", 100);
      await until(
        async () => processes["site"]?.exitCode,
        (code) => code === 0,
        100,
      );
    } finally {
      for (const one of Object.values(processes)) one?.kill("SIGKILL");
    }
    const { updates, scores, gains } = (await readFederation(data)).rounds[0];
    const expected = (await readFederation(join(root, "coordinator"))).rounds[0];
    expect({ updates, scores, gains }).toEqual({
      updates: expected.updates,
      scores: expected.scores,
      gains: expected.gains,
    });
    const [weights, same] = await Promise.all(
      [join(out, "weights.safetensors"), undisturbed.weights].map((path) => readFile(path)),
    );
    expect(Buffer.compare(weights, same)).toBe(0);
  }, 300_000);
});

/** A port that was free a moment ago: the coordinator comes back where it was. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const wishes = (footage: string[], out: string) => ({
  url: "http://127.0.0.1:1",
  token: "x",
  footage,
  out,
  pauseSeconds: 0.001,
});

describe("a site", () => {
  const context = { logger: silent, machine: { device: "cpu" as const }, signal: new AbortController().signal };

  it("with no footage, or too little to compare with, does not begin, and leaves nothing", async () => {
    const short = await siteFootage(join(root, "short"), "clip", 12);
    await expect(joinFederation(wishes([short], join(root, "o1")), context)).rejects.toMatchObject({
      code: "site/too-little",
      message: expect.stringContaining("give more footage"),
    });
    await expect(joinFederation(wishes([join(root, "none")], join(root, "o2")), context)).rejects.toMatchObject({
      code: "training/no-clips",
    });
    expect(await Promise.all([isThere(join(root, "o1")), isThere(join(root, "o2"))])).toEqual([false, false]);
  });

  it("goes on with its own footage and its own federation only", async () => {
    const out = join(root, "joined", SITE);
    const other = await siteFootage(join(root, "other"), "clip");
    await expect(joinFederation(wishes([other], out), context)).rejects.toMatchObject({ code: "federation/other" });
    await using service = await coordinate(join(root, "second"), [SITE], { settings: one });
    await expect(takePart(root, SITE, service.url, service.tokens[SITE])).rejects.toMatchObject({
      code: "federation/other",
      message: expect.stringContaining("takes part in another federation"),
    });
  });
});
