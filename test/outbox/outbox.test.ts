import { appendFile, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createServer } from "node:net";
import { once } from "node:events";
import { Aedes } from "aedes";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publicAddress, withoutSecrets } from "../../src/core/publicAddress.ts";
import { destinationAt, destinationsAt } from "../../src/outbox/address.ts";
import { linesBetween } from "../../src/outbox/committedLines.ts";
import { Outbox, runId } from "../../src/outbox/outbox.ts";
import { TOKEN_VARIABLE } from "../../src/outbox/webhook.ts";
import { temporaryFolder } from "../training/footage.ts";
import { until } from "../within.ts";
import { receiver } from "./receiver.ts";

let root: string;
let file: string;
let said: string[];
const logger = {
  info: (line: string) => void said.push(line),
  warn: (line: string) => void said.push(line),
  progress() {},
};

/** An outbox on the file, all of which may be sent. */
async function outboxTo(addresses: readonly string[], run = "run"): Promise<Outbox> {
  const destinations = await destinationsAt(addresses);
  const outbox = await Outbox.open({ file, run, source: "gate.mp4", destinations, logger });
  outbox.commit((await stat(file)).size);
  return outbox;
}
const settled = async (addresses: readonly string[], patience?: number, run?: string): Promise<readonly string[]> => {
  await using outbox = await outboxTo(addresses, run);
  return await outbox.settle(patience);
};
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"kind":"covered","n":${from + i}}\n`).join("");

beforeEach(async () => {
  root = await temporaryFolder();
  file = join(root, "events.jsonl");
  said = [];
  await writeFile(file, lines(0, 3));
});
afterEach(() => rm(root, { recursive: true }));

describe("events that go out", () => {
  it("arrive as lines of JSON, each with an id and its source; once, also over several runs", async () => {
    await using hook = await receiver();
    expect(await settled([`http://${hook.address}`])).toEqual([]);
    await appendFile(file, lines(3, 5));
    expect(await settled([`http://${hook.address}`])).toEqual([]);
    expect(await settled([`http://${hook.address}`])).toEqual([]);
    expect(hook.requests.map(({ events }) => events.map(({ n }) => n))).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    const [position] = await readdir(join(root, "outbox"));
    await writeFile(join(root, "outbox", position), "{");
    expect(await settled([`http://${hook.address}`])).toEqual([]);
    expect(hook.ids().splice(5)).toEqual(hook.ids().slice(0, 5));
    hook.requests.splice(2);
    const [{ headers, events }] = hook.requests;
    expect(events[0]).toEqual({ id: "run-0", source: "gate.mp4", kind: "covered", n: 0 });
    expect(headers).toMatchObject({ "content-type": "application/x-ndjson", "idempotency-key": "run-0-3" });
    expect(await settled([`http://${hook.address}`], undefined, "other")).toEqual([]);
    expect(hook.ids().slice(5)).toEqual([0, 1, 2, 3, 4].map((n) => `other-${n}`));
  });

  it("go out while more come, at most a hundred together, and never beyond what stays", async () => {
    await using hook = await receiver();
    await writeFile(file, lines(0, 250));
    const destinations = await destinationsAt([`http://${hook.address}`]);
    await using outbox = await Outbox.open({ file, run: "run", source: "", destinations, logger });
    outbox.commit(Buffer.byteLength(lines(0, 2)));
    await until(() => hook.ids().length === 2);
    outbox.commit(Buffer.byteLength(lines(0, 210)));
    await outbox.settle();
    expect(hook.requests.map(({ events }) => events.length)).toEqual([2, 100, 100, 8]);
    expect(hook.ids()).toEqual(Array.from({ length: 210 }, (_, i) => `run-${i}`));
  });

  it("wait on disk while nobody takes them, which is said once, and arrive later, in order", async () => {
    await using hook = await receiver((request) => (request < 3 ? 503 : 200));
    const address = `http://${hook.address}`;
    await using outbox = await outboxTo([address]);
    while (hook.requests.length < 4) await outbox.settle(20);
    expect(new Set(hook.requests.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set(["run-0-3"]));
    expect(said.filter((line) => line.includes("takes no events (it answered 503)"))).toHaveLength(1);
    await outbox.settle();
    expect(said.at(-1)).toBe(`${address} takes events again`);
  });

  it("whose answer was lost are sent again as the same request, whatever came since", async () => {
    await using hook = await receiver((request) => (request === 0 ? undefined : 200));
    {
      await using _ = await outboxTo([`http://${hook.address}`]);
      await until(() => hook.requests.length === 1);
    }
    await appendFile(file, lines(3, 4));
    expect(await settled([`http://${hook.address}`])).toEqual([]);
    expect(hook.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["run-0-3", "run-0-3", "run-3-4"]);
  });

  it("go to every address at its own pace, and no further than the user said", async () => {
    await using good = await receiver();
    await using away = await receiver(() => 302);
    const names = [`http://${good.address}`, `http://${away.address}`];
    await using outbox = await outboxTo(names);
    await until(() => good.ids().length === 3 && away.requests.length > 0);
    expect(await outbox.settle(50)).toContain(names[1]);
    expect(away.requests.every(({ headers }) => headers["idempotency-key"] === "run-0-3")).toBe(true);
  });

  it("cannot be sent by two processes at once", async () => {
    await using _ = await outboxTo(["http://127.0.0.1:9/"]);
    await expect(outboxTo(["http://127.0.0.1:9/"])).rejects.toMatchObject({ code: "lock/busy" });
  });

  it("arrive at an MQTT broker under their topic, also when it comes back", async () => {
    const broker = await Aedes.createBroker();
    broker.authenticate = (_, user, password, done) => done(null, user === "gate" && String(password) === "pässword");
    const messages: string[] = [];
    const clients: { close(): void }[] = [];
    broker.on("client", (client) => void clients.push(client));
    broker.on("publish", ({ topic, payload }) => {
      if (!topic.startsWith("$SYS")) messages.push(`${topic} ${String(payload)}`);
    });
    const server = createServer(broker.handle);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const address = `mqtt://gate:p%C3%A4ssword@127.0.0.1:${port}/site/gate`;
    {
      await using outbox = await outboxTo([address]);
      expect(await outbox.settle()).toEqual([]);
      // The broker is restarted.
      for (const client of clients.splice(0)) client.close();
      await appendFile(file, lines(3, 4));
      outbox.commit((await stat(file)).size);
      while ((await outbox.settle(50)).length > 0);
    }
    const wrong = `mqtt://gate:wrong@127.0.0.1:${port}/site/gate`;
    expect(await settled([wrong], 50)).toEqual([publicAddress(wrong)]);
    broker.close();
    server.close();
    expect(messages.map((message) => message.split(" ")[0])).toEqual(Array(4).fill("site/gate"));
    expect(messages.map((message) => JSON.parse(message.slice(10)).id)).toEqual([0, 1, 2, 3].map((n) => `run-${n}`));
  });
});

describe("secrets", () => {
  it("go to the address only: as its protocol wants, in no message and no file", async () => {
    await using hook = await receiver(() => 401);
    process.env[TOKEN_VARIABLE] = "t0ken";
    try {
      const address = `http://user:s%20cret@${hook.address}?key=hidden`;
      await using outbox = await outboxTo([address, `http://${hook.address}`]);
      await until(() => hook.requests.length >= 2);
      const unsent = await outbox.settle(20);
      const files = await readdir(join(root, "outbox"));
      const kept = await Promise.all(files.map((name) => readFile(join(root, "outbox", name), "utf8")));
      for (const text of [...unsent, ...said, ...files, ...kept]) expect(text).not.toMatch(/s%20cret|hidden|t0ken/u);
      const sent = new Set(hook.requests.map(({ headers }) => headers.authorization));
      expect(sent).toEqual(new Set([`Basic ${btoa("user:s cret")}`, "Bearer t0ken"]));
    } finally {
      delete process.env[TOKEN_VARIABLE];
    }
  });

  it.each([
    ["rtsp://admin:pass@camera:554/live?token=1#x", "rtsp://camera:554/live"],
    ["https://host", "https://host"],
    ["mqtt://a:b@c@host/topic/@x", "mqtt://host/topic/@x"],
    ["http://host?password=1/2@3", "http://host"],
    ["clips/a@b.mp4", "clips/a@b.mp4"],
    ["-", "-"],
  ])("are left out of %s", (address, shown) => expect(publicAddress(address)).toBe(shown));

  it("are left out where another program repeats the address", () =>
    expect(withoutSecrets("rtsp://a:b@c/d: not found", "rtsp://a:b@c/d")).toBe("rtsp://c/d: not found"));

  it.each(["ftp://host/", "host:80", "", "http://", "mqtt:broker"])("address %j is refused", (address) =>
    expect(destinationAt(address)).rejects.toMatchObject({ code: "send/address" }),
  );
});

describe("lines of a file", () => {
  it("are all read, in order and whole, in pieces of any size", async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 50 }).map((text) => text.replaceAll("\n", " "));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (all, most) => {
        const path = join(root, "lines");
        await writeFile(path, all.map((one) => `${one}\n`).join(""));
        const { size } = await stat(path);
        const read: string[] = [];
        for (let at = 0; at < size;) {
          const { lines: some, end } = await linesBetween(path, at, size, most);
          expect(some.length).toBeGreaterThan(0);
          expect(some.length).toBeLessThanOrEqual(most);
          read.push(...some);
          at = end;
        }
        expect(read).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });

  it("may be longer than a piece; one that is not whole yet is left", async () => {
    const long = "x".repeat(200_000);
    await writeFile(file, `${long}\nhalf`);
    expect(await linesBetween(file, 0, 200_005, 5)).toEqual({ lines: [long], end: 200_001 });
    expect(await linesBetween(file, 200_001, 200_005, 5)).toEqual({ lines: [], end: 200_001 });
  });
});

it("the same work has the same ids, other work others", () => {
  expect(runId(["a", 1])).toBe(runId(["a", 1]));
  expect(runId(["a", 1])).not.toBe(runId(["a", 2]));
});
