/**
 * @file What every request has to pass, and what every answer carries. A browser on this machine can be made to send
 * requests here by any page that it shows, so who asks is told by two headers that pages cannot forge: `Host` must be a name
 * of this service (against DNS rebinding), and `Origin`, where there is one, must be the service itself.
 */
import { UserError } from "../../core/errors.ts";
import type { Api } from "../api/requests.ts";

/** Whose requests are taken. */
export interface GuardOptions {
  /** Host names that requests may be addressed to, beside those of the loopback. */
  readonly hosts: readonly string[];
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether only programs of this machine can connect to an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || host === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(host);
}

/** The host name of a `Host` header or an origin, lower case, without its port; undefined for what is none. */
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

/** Adds the checks and the headers. */
export function guardRequests(api: Api, { hosts }: GuardOptions): void {
  const own = new Set(hosts.map((host) => hostName(host) ?? host));
  api.addHook("onRequest", async ({ headers }, reply) => {
    void reply.headers(SECURITY_HEADERS);
    const { host = "", origin } = headers;
    const name = hostName(host);
    if (name === undefined || !(isLoopback(name) || own.has(name)))
      throw new UserError("service/host", {
        what: "the request is for another host",
        got: host === "" ? "no Host" : host,
        todo: "allow the name with --allow-host",
      });
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)
      throw new UserError("service/origin", { what: "the request comes from a page of another website", got: origin });
  });
}
