/** @file A site's requests while the line breaks and the coordinator comes and goes. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Interrupted } from "../../src/core/errors.ts";
import { silent } from "../../src/core/log.ts";
import { CoordinatorClient } from "../../src/federation/coordinatorClient.ts";
import { within } from "../within.ts";

let server: Server | undefined;
afterEach(() => server?.closeAllConnections());
afterEach(() => void server?.close());

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

async function answering(handler: Handler): Promise<string> {
  let nth = 0;
  server = createServer((request, response) => handler(request, response, nth++));
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const lines: string[] = [];
const client = (url: string, signal = new AbortController().signal): CoordinatorClient =>
  new CoordinatorClient({
    url,
    token: "tsu_secret",
    pauseSeconds: 0.001,
    signal,
    logger: { ...silent, warn: (line) => void lines.push(line) },
  });

const TURN = { do: "wait", federation: "1f", weights: "a".repeat(64), last: null, seconds: 1, why: "others" };
const json = (response: ServerResponse, status: number, value: unknown): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
const failing = (code: string) => ({ error: { code, what: "no", message: "no" } });

describe("a request", () => {
  it("whose line breaks in mid-upload is sent again, whole, until it is taken", async () => {
    const bodies: number[] = [];
    const bytes = new Uint8Array(3_000_000).fill(7);
    const url = await answering((request, response, nth) => {
      if (nth === 0) return json(response, 200, TURN);
      let size = 0;
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (nth <= 2 && size > 100_000) request.socket.destroy();
      });
      request.on("end", () => {
        bodies.push(size);
        if (nth === 3) json(response, 500, failing("internal"));
        else json(response, 200, { taken: true });
      });
      request.on("error", () => {});
    });
    const site = client(url);
    await site.turn();
    lines.length = 0;
    await within(20_000, site.sendUpdate(4, 12, bytes));
    expect(bodies).toEqual([bytes.length, bytes.length]);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^no answer from http:.*trying again in 0\.001 s$/u);
    expect(lines.join("\n")).not.toContain("tsu_secret");
  });

  it("to a coordinator that was there waits for it, later and later, and ends with the signal", async () => {
    const url = await answering((_, response, nth) => json(response, nth === 0 ? 200 : 500, nth === 0 ? TURN : {}));
    const stopping = new AbortController();
    const site = client(url, stopping.signal);
    await site.turn();
    lines.length = 0;
    const asking = site.turn();
    while (lines.length < 6) await new Promise((resolve) => setTimeout(resolve, 5));
    stopping.abort(new Interrupted("stop"));
    await expect(within(20_000, asking)).rejects.toThrow("stop");
    const pauses = lines.map((line) => Number(/in (?<s>[\d.]+) s$/u.exec(line)?.groups?.["s"]));
    pauses.slice(1).forEach((pause, i) => expect(pause).toBeCloseTo(2 * pauses[i], 9));
  });

  it.each(["http://127.0.0.1:1", "coordinator", "ftp://127.0.0.1/", ""])("to %j, where none is, fails", async (url) => {
    await expect((async () => client(url).turn())()).rejects.toMatchObject({ code: "federation/coordinator" });
  });

  it("that is refused is not sent again, and says what the coordinator said", async () => {
    let asked = 0;
    const url = await answering((_, response) => {
      asked++;
      json(response, 401, failing("service/token"));
    });
    await expect(client(url).turn()).rejects.toMatchObject({
      code: "service/token",
      message: expect.stringContaining(`the coordinator ${url} says: no`),
    });
    expect(asked).toBe(1);
  });

  it("that another program answers is no turn", async () => {
    const url = await answering((_, response) => json(response, 200, { hello: "world" }));
    await expect(client(url).turn()).rejects.toMatchObject({ message: expect.stringContaining("something else") });
    const other = await answering((_, response) => void response.writeHead(404).end("no such page"));
    await expect(client(other).turn()).rejects.toMatchObject({ code: "federation/coordinator" });
  });

  it("for weights checks them by their name", async () => {
    const bytes = Buffer.from("weights");
    const name = createHash("sha256").update(bytes).digest("hex");
    const url = await answering((_, response) => void response.writeHead(200).end(bytes));
    expect(Buffer.from(await client(url).weights(name))).toEqual(bytes);
    await expect(client(url).weights("b".repeat(64))).rejects.toMatchObject({
      message: expect.stringContaining("arrived damaged"),
    });
  });

  it("with scores that are none is never sent", async () => {
    const url = await answering((_, response) => json(response, 200, {}));
    const scores = { before: [], after: [{ stretch: 0, kind: "made" as const, score: 2 }] };
    await expect(client(url).sendScores(1, scores)).rejects.toThrow();
  });
});
