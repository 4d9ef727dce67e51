/**
 * @file What a site sends to its coordinator, and how: everything that leaves a site goes through here. Where the
 * line breaks or the coordinator is away, a request is sent again, later and later; all requests can be sent twice
 * without harm.
 */
import { setTimeout } from "node:timers/promises";
import { Line, ServiceError } from "../client/line.ts";
import { type ErrorCode, errorCatalogue } from "../core/errorCatalogue.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { versionsInUse } from "../core/versions.ts";
import { type Hello, PROTOCOL, scoresSchema, type SiteScores, type Turn, turnSchema } from "./messages.ts";
import { hashOfBytes } from "./weightsStore.ts";

/** How a coordinator is reached. */
export interface CoordinatorAddress {
  /** `http://127.0.0.1:4500` */
  readonly url: string;
  readonly token: string;
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Before a request is sent again, at first; twice as long each time. Default 1. */
  readonly pauseSeconds?: number | undefined;
}

/** The longest pause, and for how long one request may take, s. */
const LONGEST_PAUSE = 60;
const PATIENCE = 300;
/** A coordinator that never answered is a wrong address. */
const FIRST_TRIES = 4;

/** The coordinator, as a site sees it. */
export class CoordinatorClient {
  private readonly line: Line;
  private readonly address: CoordinatorAddress;
  private hasAnswered = false;

  /** @throws UserError `federation/coordinator` for what is no address */
  constructor(address: CoordinatorAddress) {
    if (!/^https?:\/\//u.test(address.url) || !URL.canParse(address.url))
      throw new UserError("federation/coordinator", {
        what: "this is no address of a coordinator",
        got: address.url,
        expected: "an address such as http://127.0.0.1:4500",
      });
    this.address = address;
    this.line = new Line(address.url, { token: address.token });
  }

  /**
   * What is to be done now.
   * @throws UserError `federation/coordinator`, `federation/version`, `service/token`, `service/scope`
   */
  async turn(): Promise<Turn> {
    const hello: Hello = { protocol: PROTOCOL, version: (await versionsInUse()).tsumugi };
    const parsed = turnSchema.safeParse(await this.json("POST", "/api/federation/turns", hello));
    if (parsed.success) return parsed.data;
    throw new UserError("federation/coordinator", {
      what: `${this.address.url} answers something else than a coordinator of this version`,
      todo: "check the address, and that the coordinator has the same version of tsumugi",
    });
  }

  /** Weights that a turn named, checked. @throws UserError `federation/coordinator`, `federation/missing` */
  async weights(name: string): Promise<Uint8Array> {
    const bytes = await this.send(`/api/federation/weights/${name}`, {}, async (answer) => answer.arrayBuffer());
    if (hashOfBytes(new Uint8Array(bytes)) === name) return new Uint8Array(bytes);
    throw new UserError("federation/coordinator", { what: `the weights ${name.slice(0, 12)} arrived damaged` });
  }

  /** Sends what was learned. @throws UserError `federation/round` when the round is over, `federation/update` */
  async sendUpdate(round: number, frames: number, bytes: Uint8Array): Promise<void> {
    const body = new Uint8Array(bytes);
    const headers = { "content-type": "application/octet-stream" };
    await this.send(`/api/federation/rounds/${round}/update?frames=${frames}`, { method: "PUT", headers, body }, done);
  }

  /** Sends scores. @throws UserError `federation/round` when the round is over */
  async sendScores(round: number, scores: SiteScores): Promise<void> {
    await this.json("PUT", `/api/federation/rounds/${round}/scores`, scoresSchema.parse(scores));
  }

  private json(method: string, path: string, value: unknown): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    return this.send(path, { method, headers, body: JSON.stringify(value) }, async (answer) => answer.json());
  }

  /** @param read a line may also break while the answer comes. */
  private async send<Result>(
    path: string,
    request: RequestInit,
    read: (answer: Response) => Promise<Result>,
  ): Promise<Result> {
    const { signal, logger, url } = this.address;
    for (let tries = 1, pause = this.address.pauseSeconds ?? 1; ; tries++, pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      signal.throwIfAborted();
      try {
        const until = AbortSignal.any([signal, AbortSignal.timeout(1000 * PATIENCE)]);
        const result = await read(await this.line.send(path, { ...request, signal: until }));
        this.hasAnswered = true;
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof ServiceError && !mayPass(error)) throw asUserError(error, url);
        if (!this.hasAnswered && tries >= FIRST_TRIES) throw unreachable(url, error);
        logger.warn(`no answer from ${url} (${reasonOf(error)}): trying again in ${pause} s`);
        await setTimeout(1000 * pause, undefined, { signal }).catch(() => {});
      }
    }
  }
}

const done = async (answer: Response): Promise<void> => void (await answer.arrayBuffer());

/** Errors of the surroundings. */
function mayPass({ status }: ServiceError): boolean {
  return status >= 500 || status === 429;
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return messageOf(cause ?? error);
}

/** What the coordinator said, as if it had been said here. */
function asUserError({ error: { code, what, got, expected, todo } }: ServiceError, url: string): UserError {
  const known: ErrorCode = code in errorCatalogue ? (code as ErrorCode) : "federation/coordinator";
  return new UserError(known, {
    what: `the coordinator ${url} says: ${what}`,
    ...(got !== undefined && { got }),
    ...(expected !== undefined && { expected }),
    ...(todo !== undefined && { todo }),
  });
}

function unreachable(url: string, error: unknown): UserError {
  return new UserError(
    "federation/coordinator",
    {
      what: `there is no coordinator at ${url}: ${reasonOf(error)}`,
      todo: "check the address, and that tsumugi federate serve runs there",
    },
    error,
  );
}
