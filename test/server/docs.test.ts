/** @file The way through the API that docs/service.md shows, command by command, against a service. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readMaskPng, writeMaskPng } from "../../src/video/masks/maskPng.ts";
import { quick, testService } from "./service.ts";

const page = readFileSync(new URL("../../docs/service.md", import.meta.url), "utf8");
const lines = page.split("\n").filter((line) => line.startsWith("curl "));
const { url, root, around, get, clip, ended } = testService();

/** Runs a curl command; the service is in this process, so it must not be waited for in one go. */
async function run(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn("sh", ["-c", `${command} -sS --fail-with-body`], { cwd, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (stderr += bytes.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { stdout, stderr, status };
}

it("docs/service.md's commands do what it says", async () => {
  const env: NodeJS.ProcessEnv = { ...process.env, API: `${url()}/api`, CLIP: await clip("clip") };
  await writeMaskPng(join(around(), "mask.png"), {
    width: 48,
    height: 48,
    data: new Uint8Array(48 * 48).fill(1, 700, 1500),
  });
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) {
    // Frames that the small clip has, weights that are fast, a look at the events that ends.
    const settings = JSON.stringify(quick(root())).slice(1, -1);
    const command = line
      .replaceAll(/(?<=frames\/|masks\/)\d+/gu, "5")
      .replace('"mode": "fast"', `"mode": "fast", ${settings}`)
      .replace("curl -N", "curl -N --max-time 1");
    const { stdout, stderr, status } = await run(command.replace(/ +#.*/u, ""), around(), env);
    expect({ line, stderr, status }).toEqual({
      line,
      stderr: expect.any(String),
      status: line.includes("-N") ? 28 : 0,
    });
    if (line.endsWith("$API/sites")) env["SITE"] = JSON.parse(stdout).id;
    if (line.endsWith("$API/jobs")) expect((await ended(JSON.parse(stdout).id)).body.state).toBe("done");
    if (line.startsWith("curl $API/sites/$SITE/plan")) expect(JSON.parse(stdout).frames.length).toBeGreaterThan(1);
    if (line.endsWith("$API/sessions")) env["SESSION"] = JSON.parse(stdout).id;
    if (line.endsWith("/track")) expect((await ended(JSON.parse(stdout).id)).body.state).toBe("done");
    if (line.includes("events")) expect(stdout).toContain('"state":"queued"');
  }
  expect(await readMaskPng(join(around(), "mask-57.png"))).toMatchObject({ width: 48, height: 48 });
  expect((await get("/api/sessions")).body.sessions).toHaveLength(1);
});
