/**
 * @file Events go out while they happen: what is on disk is sent, so that nothing is lost when an address does not answer
 * or the process is killed. An event may arrive twice only where an answer was lost; its `id` is the same then.
 */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { FileLock } from "../core/fileLock.ts";
import { type Logger, silent } from "../core/log.ts";
import { Delivery, type Sent } from "./delivery.ts";
import type { Destination } from "./destination.ts";

/** At the end of a run an address has so long to take what is left, ms. */
const PATIENCE = 10_000;

/** What an outbox is made of. */
export interface OutboxOptions extends Sent {
  readonly destinations: readonly Destination[];
  readonly logger?: Logger | undefined;
}

/** Ids of a run: the same for the same work, other ones for any other. */
export function runId(of: unknown): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 12);
}

/** Sends the lines of a file to all destinations, each at its own pace. */
export class Outbox implements AsyncDisposable {
  private readonly lock: FileLock | undefined;
  private readonly deliveries: readonly Delivery[];

  private constructor(lock: FileLock | undefined, deliveries: readonly Delivery[]) {
    [this.lock, this.deliveries] = [lock, deliveries];
  }

  /**
   * Positions are kept in the folder `outbox` beside the file.
   * @throws UserError `lock/busy` when another process sends this file, `file/write`
   */
  static async open({ destinations, logger = silent, ...sent }: OutboxOptions): Promise<Outbox> {
    if (destinations.length === 0) return new Outbox(undefined, []);
    const folder = join(dirname(sent.file), "outbox");
    const lock = await FileLock.acquire(join(folder, "lock"), basename(dirname(sent.file)));
    const deliveries = await Promise.all(destinations.map((to) => Delivery.open(to, sent, folder, logger)));
    return new Outbox(lock, deliveries);
  }

  /** What is in the file up to here stays there: it may be sent. */
  commit(bytes: number): void {
    for (const delivery of this.deliveries) delivery.commit(bytes);
  }

  /**
   * Gives every destination a last chance.
   * @returns the addresses that have not taken everything: the next run on this folder goes on with it
   */
  async settle(patience = PATIENCE): Promise<readonly string[]> {
    await Promise.all(this.deliveries.map((delivery) => delivery.settle(patience)));
    return this.deliveries.filter(({ isDone }) => !isDone).map(({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.deliveries.map((delivery) => delivery[Symbol.asyncDispose]()));
    await this.lock?.[Symbol.asyncDispose]();
  }
}
