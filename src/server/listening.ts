/** @file Where a server listens, who may ask it, and how it ends. */
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { UserError } from "../core/errors.ts";
import type { Api } from "./api/requests.ts";
import { type GuardOptions, isLoopback } from "./security/guard.ts";
import { TokenFile } from "./security/tokens.ts";

/** Where a server listens, and who may ask it. */
export interface Listening {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Further host names that requests may be addressed to. */
  readonly allowHosts?: readonly string[];
  /** A token is needed even where only this machine can connect. */
  readonly requireToken?: boolean;
  /** Requests from one address in a minute. Default 60,000: a page that plays asks for many frames. */
  readonly perMinute?: number;
}

/** Begins to listen. @returns `http://127.0.0.1:4400` @throws UserError `service/port` */
export async function listen(
  api: Api,
  { host = "127.0.0.1", port }: Pick<Listening, "host" | "port">,
): Promise<string> {
  await api.listen({ host, port }).catch((error: unknown) => {
    throw cannotListen(host, port, error as NodeJS.ErrnoException);
  });
  const { port: bound } = api.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

/** Who can be reached from other machines wants tokens. @throws UserError `service/token` where there is none yet */
export async function guardOf(options: Listening & { readonly data: string }, data: string): Promise<GuardOptions> {
  const { host = "127.0.0.1", allowHosts = [], requireToken = false, perMinute = 60_000 } = options;
  const isOpen = !isLoopback(host);
  const hosts = [...allowHosts, ...(isOpen ? [host, hostname()] : [])];
  if (!isOpen && !requireToken) return { hosts, isOpen, perMinute, tokens: undefined };
  const tokens = new TokenFile(data);
  if ((await tokens.list()).length === 0)
    throw new UserError("service/token", {
      what: isOpen ? `${host} can be reached by others, and there is no token` : "tokens are wanted, and there is none",
      todo: `make one first: tsumugi token create NAME --data ${options.data}`,
    });
  return { hosts, isOpen, perMinute, tokens };
}

/** Ends one thing. */
export type Closer = () => PromiseLike<void>;

/** The last opened is closed first. */
export async function closeAll(closers: readonly Closer[]): Promise<void> {
  for (const close of closers.toReversed()) await close();
}

function cannotListen(host: string, port: number, error: NodeJS.ErrnoException): UserError {
  const isTaken = error.code === "EADDRINUSE";
  return new UserError(
    "service/port",
    {
      what: `cannot listen on ${host}:${port}: ${isTaken ? "another program does" : error.message}`,
      todo: isTaken ? "choose another port with --port, or stop the other program" : "check --host and --port",
    },
    error,
  );
}
