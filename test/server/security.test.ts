import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostName, isLoopback } from "../../src/server/security/guard.ts";
import { TokenFile } from "../../src/server/security/tokens.ts";
import { serve, type ServeOptions, type Service } from "../../src/server/serve.ts";
import { tsumugi } from "../cli/cli.ts";
import { makeFootage, request, type SmallFootage, testService } from "./service.ts";

/** A request with headers that `fetch` does not let through. */
function rawRequest(url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers }, (answer) => {
      let body = "";
      answer.on("data", (bytes: Buffer) => (body += bytes.toString()));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on("error", reject).end();
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("a service for this machine", () => {
  const { url, get, send } = testService({ workers: 0, allowHosts: ["studio.example:8443"], perMinute: 400 });

  it.each([
    ["evil.example", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example", 403],
    ["10.0.0.7", 403],
    ["evil.example@127.0.0.1", 403],
    ["[::2]", 403],
    ["localhost", 200],
    ["LOCALHOST:1234", 200],
    ["127.0.0.1:99", 200],
    ["[::1]:99", 200],
    ["studio.example", 200],
  ])("addressed as %s answers %i", async (host, status) => {
    const answer = await rawRequest(`${url()}/api`, { host });
    expect(answer.status).toBe(status);
    if (status === 403) expect(JSON.parse(answer.body).error.code).toBe("service/host");
  });

  it.each([
    ["http://evil.example", 403],
    ["null", 403],
    ["http://127.0.0.1:1", 403],
    ["own", 200],
  ])("takes a request of %s: %i", async (origin, status) => {
    const own = origin === "own" ? url() : origin;
    expect((await rawRequest(`${url()}/api`, { origin: own })).status).toBe(status);
  });

  it("lets no page of others read or frame what it answers, errors neither", async () => {
    for (const path of ["/api", "/api/clips", "/api/nothing", "/api/jobs?limit=x", "/metrics"]) {
      const { headers } = await get(path);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("takes no body that is too large, and none that is not what it says", async () => {
    const large = await send("POST", "/api/jobs", { task: { task: "check", clips: ["x".repeat(9_000_000)] } });
    expect(large).toMatchObject({ status: 413, body: { error: { code: "service/size" } } });
    const half = new TextEncoder().encode('{"task": ');
    const broken = await send("POST", "/api/jobs", half, { "content-type": "application/json" });
    expect(broken).toMatchObject({ status: 400, body: { error: { code: "service/invalid" } } });
    const form = await send("POST", "/api/jobs", half, { "content-type": "application/x-www-form-urlencoded" });
    expect(form).toMatchObject({ status: 415, body: { error: { code: "service/media" } } });
    const poisoned = new TextEncoder().encode('{"task": {"task": "check", "__proto__": {"out": "x"}, "clips": []}}');
    expect((await send("POST", "/api/jobs", poisoned, { "content-type": "application/json" })).status).toBe(400);
  });

  it("is alive, ready, and counts what it does", async () => {
    expect((await get("/health")).body).toEqual({ status: "ok" });
    expect((await get("/ready")).body).toEqual({ status: "ok" });
    const text = new TextDecoder().decode((await get("/metrics")).bytes);
    expect(text).toMatch(/^tsumugi_jobs\{state="queued"\} 0$/mu);
    expect(text).toMatch(/tsumugi_http_seconds_count\{method="GET",route="\/health",status="200"\} 1/u);
  });

  it("takes only so many requests in a minute", async () => {
    const answers = await Promise.all(Array.from({ length: 420 }, () => get("/health")));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0].body.error.code).toBe("service/rate");
    expect(Number(refused[0].headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a service for other machines", () => {
  let footage: SmallFootage;
  let data: string;
  let service: Service;
  let open: ServeOptions;
  const lines: string[] = [];
  const tokens: Record<string, string> = {};
  const log = (line: string): unknown => lines.push(line);

  beforeAll(async () => {
    footage = await makeFootage();
    data = join(footage.around, "data");
    await mkdir(data);
    const machine = { device: "cpu" as const };
    const logger = { info: log, warn: log, progress: log };
    open = { folders: [footage.root], data, host: "0.0.0.0", port: 0, workers: 0, machine, logger };
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await rm(footage.around, { recursive: true });
  });

  it("does not start without a token", async () => {
    await expect(serve(open)).rejects.toMatchObject({ code: "service/token" });
    expect((await serve(open).catch((error: Error) => error.message)) as string).toContain("tsumugi token create NAME");
  });

  it("has tokens from the command line, of which the file keeps hashes", async () => {
    for (const [name, scopes] of [
      ["all", "read,label,run"],
      ["reader", "read"],
      ["gone", "read"],
    ]) {
      const { code, out } = await tsumugi(["token", "create", name, "--scopes", scopes, "--data", data]);
      expect(code).toBe(0);
      tokens[name] = out.trim();
      expect(out.trim()).toMatch(/^tsu_[0-9a-f]{16}_[0-9a-f]{64}$/u);
    }
    const file = await readFile(join(data, "tokens.json"), "utf8");
    for (const token of Object.values(tokens)) {
      expect(file).not.toContain(token);
      expect(file).not.toContain(token.split("_")[2]);
    }
    expect((await stat(join(data, "tokens.json"))).mode & 0o077).toBe(0);
    expect((await tsumugi(["token", "create", "all", "--data", data])).err).toContain("there is a token called all");
    expect((await tsumugi(["token", "list", "--data", data])).out).toMatch(/^reader: read; /mu);
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    request(service.url.replace("0.0.0.0", "127.0.0.1") + path, "GET", undefined, headers);

  it("answers those who have one, as far as it reaches", async () => {
    service = await serve(open);
    expect(await get("/api")).toMatchObject({ status: 401, body: { error: { code: "service/token" } } });
    expect((await get("/api/nothing")).status).toBe(401);
    expect((await get("/metrics")).status).toBe(401);
    expect((await get("/health")).status).toBe(200);
    expect((await get("/api", bearer(tokens["reader"]))).status).toBe(200);
    for (const wrong of [
      "",
      "x",
      `${tokens["reader"].slice(0, -1)}!`,
      tokens["reader"].replace(/.$/u, (c) => (c === "0" ? "1" : "0")),
    ])
      expect((await get("/api", bearer(wrong))).status).toBe(401);
    const base = service.url.replace("0.0.0.0", "127.0.0.1");
    const task = { task: { task: "check", clips: [join(footage.root, "clip")] } };
    expect(await request(`${base}/api/jobs`, "POST", task, bearer(tokens["reader"]))).toMatchObject({
      status: 403,
      body: { error: { code: "service/scope", expected: "run" } },
    });
    expect(await request(`${base}/api/jobs`, "POST", task, bearer(tokens["all"]))).toMatchObject({
      status: 200,
      body: { owner: "all" },
    });
  });

  it("keeps a browser's token in a cookie that no script and no other site gets", async () => {
    const base = service.url.replace("0.0.0.0", "127.0.0.1");
    const { headers, body } = await request(`${base}/api/login`, "POST", { token: tokens["reader"] });
    expect(body).toEqual({ name: "reader" });
    const cookie = headers.get("set-cookie") as string;
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/u);
    expect((await get("/api", { cookie: `a=b; ${cookie.split(";")[0]}` })).status).toBe(200);
    expect((await request(`${base}/api/login`, "POST", { token: "tsu_0_0" })).status).toBe(401);
    expect((await get(`/api?token=${tokens["reader"]}`)).status).toBe(401);
  });

  it("forgets a revoked token at once", async () => {
    expect((await get("/api", bearer(tokens["gone"]))).status).toBe(200);
    expect((await tsumugi(["token", "revoke", "gone", "--data", data])).code).toBe(0);
    expect((await get("/api", bearer(tokens["gone"]))).status).toBe(401);
    expect((await tsumugi(["token", "revoke", "gone", "--data", data])).code).toBe(1);
  });

  it("never wrote a token into its log", () => {
    for (const token of Object.values(tokens)) expect(lines.join("\n")).not.toContain(token.slice(21));
  });

  it("is one for its folder", async () => {
    await expect(serve(open)).rejects.toMatchObject({ code: "lock/busy" });
  });
});

it("tokens are known by all of their characters", async () => {
  const { around } = await makeFootage(1);
  const file = new TokenFile(around);
  const token = await file.create("a", ["read"]);
  expect(await file.verify(token)).toMatchObject({ name: "a", scopes: ["read"] });
  expect(await new TokenFile(around).verify(token)).toMatchObject({ name: "a" });
  expect(await file.verify(`${token}0`)).toBeUndefined();
  expect(await file.verify(token.slice(0, 21) + "0".repeat(64))).toBeUndefined();
  await rm(around, { recursive: true });
});

it.each([
  ["a.example:80", "a.example"],
  ["A.Example", "a.example"],
  ["[::1]:4400", "[::1]"],
  ["127.1", "127.0.0.1"],
  ["a b", undefined],
  ["", undefined],
  ["a/b", undefined],
  ["a:b", undefined],
])("the host of %s is %s", (authority, host) => expect(hostName(authority)).toBe(host));

it("only the loopback is the loopback", () => {
  expect(["127.0.0.1", "127.9.9.9", "localhost", "::1", "[::1]"].every(isLoopback)).toBe(true);
  expect(["0.0.0.0", "::", "192.168.0.1", "127.0.0.1.example", "localhost.example"].some(isLoopback)).toBe(false);
});
