/** @file A Redis of a test's own, on a free port of this machine. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type AddressInfo, createConnection } from "node:net";
import { temporaryFolder } from "../training/footage.ts";
import { waitFor } from "../../bench/service/footage.ts";

/** Tests of the queue on Redis are skipped where Debian's `redis-server` is missing. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis that can be stopped and started again. */
export interface TestRedis extends AsyncDisposable {
  readonly address: string;
  start(): Promise<void>;
  /** With what it holds on disk, or `SIGKILL`. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** @param keeps whether it writes what it has to disk, at once. */
export async function startRedis(keeps = true): Promise<TestRedis> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const keeping = keeps ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  let server: ChildProcess | undefined;
  const redis: TestRedis = {
    address: `redis://127.0.0.1:${port}`,
    async start() {
      const where = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
      server = spawn("redis-server", [...where, ...keeping], { stdio: "ignore" });
      await waitFor(() => answers(port), 60);
    },
    async stop(signal = "SIGTERM") {
      if (server === undefined) return;
      const ended = once(server, "exit");
      server.kill(signal);
      server = undefined;
      await ended;
    },
    async [Symbol.asyncDispose]() {
      await redis.stop("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}

/** A port that nothing listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("data", (data) => {
      socket.destroy();
      resolve(data.toString().startsWith("+PONG"));
    });
    socket.write("PING\r\n");
  });
}
