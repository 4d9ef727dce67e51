/**
 * @file What every request has to pass, and what every answer carries. A browser on this machine can be made to send
 * requests here by any page that it shows, so who asks is told by two headers that pages cannot forge: `Host` must be a name
 * of this service (against DNS rebinding), and `Origin`, where there is one, must be the service itself. Who can be reached
 * from other machines wants a token as well.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyRequest } from "fastify";
import { isIP } from "node:net";
import { UserError } from "../../core/errors.ts";
import type { Api } from "../api/requests.ts";
import type { Scope, TokenFile } from "./tokens.ts";

/** Whose requests are taken. */
export interface GuardOptions {
  /** Host names that requests may be addressed to, beside those of the loopback. */
  readonly hosts: readonly string[];
  /** Other machines can connect: requests may be addressed to any IP address, which no rebinding can do. */
  readonly isOpen: boolean;
  /** Undefined where no token is needed. */
  readonly tokens: TokenFile | undefined;
  /** Requests from one address in a minute. */
  readonly perMinute: number;
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "[::1]", "::1"]);

/** Whether only programs of this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

/** The host name of a `Host` header, lower case, without its port; undefined for what is none. */
export function hostName(authority: string): string | undefined {
  if (!/^[\w.:[\]-]+$/u.test(authority)) return undefined;
  try {
    return new URL(`http://${authority}`).hostname;
  } catch {
    return undefined;
  }
}

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Routes that need no token: they tell nothing but that the service is there. */
const OPEN_ROUTES: ReadonlySet<string> = new Set(["/health", "/ready", "/api/login"]);

/** Adds the checks and the headers. */
export async function guardRequests(api: Api, options: GuardOptions): Promise<void> {
  const own = new Set(options.hosts.map((host) => hostName(host) ?? host));
  api.addHook("onRequest", async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    requireHost(request, own, options.isOpen);
    requireOrigin(request);
  });
  await api.register(rateLimit, {
    max: options.perMinute,
    timeWindow: "1 minute",
    errorResponseBuilder: (_, { after }) =>
      new UserError("service/rate", { what: "too many requests from this address", todo: `wait ${after}` }),
  });
  const { tokens } = options;
  if (tokens !== undefined) api.addHook("onRequest", (request) => requireToken(request, tokens));
}

function requireHost({ headers: { host = "" } }: FastifyRequest, own: ReadonlySet<string>, isOpen: boolean): void {
  const name = hostName(host);
  const isAddress = name !== undefined && isIP(name.replace(/^\[(?<inner>.*)\]$/u, "$<inner>")) > 0;
  if (name !== undefined && (isLoopback(name) || own.has(name) || (isOpen && isAddress))) return;
  throw new UserError("service/host", {
    what: "the request is for another host",
    got: host === "" ? "no Host" : host,
    todo: "allow the name with --allow-host",
  });
}

function requireOrigin({ headers: { host, origin } }: FastifyRequest): void {
  if (origin === undefined || origin === `http://${host}` || origin === `https://${host}`) return;
  throw new UserError("service/origin", { what: "the request comes from a page of another website", got: origin });
}

/** @throws UserError `service/token`, `service/scope` */
async function requireToken(request: FastifyRequest, tokens: TokenFile): Promise<void> {
  if (OPEN_ROUTES.has(request.routeOptions.url ?? "")) return;
  const token = await tokens.verify(tokenOf(request));
  if (token === undefined)
    throw new UserError("service/token", {
      what: "this service wants a token",
      todo: "send Authorization: Bearer TOKEN; tsumugi token create makes one",
    });
  const scope = scopeOf(request);
  if (!token.scopes.includes(scope))
    throw new UserError("service/scope", {
      what: `the token ${token.name} does not allow this`,
      got: token.scopes.join(", "),
      expected: scope,
    });
  request.owner = token.name;
}

export const COOKIE = "tsumugi_token";

/** The token that a request carries: in a header, or in the cookie of a browser that has logged in. Never in an address. */
function tokenOf({ headers: { authorization = "", cookie = "" } }: FastifyRequest): string {
  const bearer = /^Bearer (?<token>\S+)$/iu.exec(authorization)?.groups?.["token"];
  const kept = cookie.split(/; */u).find((one) => one.startsWith(`${COOKIE}=`));
  return bearer ?? kept?.slice(COOKIE.length + 1) ?? "";
}

/** What a request needs. */
function scopeOf({ method, routeOptions: { url = "" } }: FastifyRequest): Scope {
  if (url.startsWith("/api/federation")) return "federate";
  if (method === "GET" || method === "HEAD") return "read";
  return /^\/api\/clips\/:clip\/(?:labels|objects)/u.test(url) ? "label" : "run";
}
