/** @file Small sites that learn together, in this process, and what their coordinator is told. */
import { join } from "node:path";
import { silent } from "../../src/core/log.ts";
import type { FederationSettings } from "../../src/federation/federationFile.ts";
import { TokenFile } from "../../src/server/security/tokens.ts";
import { serveFederation, type ServeFederationOptions } from "../../src/server/federation/serveFederation.ts";
import { joinFederation } from "../../src/tasks/federate/joinFederation.ts";
import { makeImageFolder } from "../training/footage.ts";

/** As little as can be learned. */
export const config = {
  variant: "nano",
  size: 32,
  pairs: 1,
  pseudoMotion: { queries: 8, anchors: 0, projector: 8, gaps: [0, 2] },
};

export const settings: FederationSettings = {
  rounds: 2,
  minimumSites: 2,
  steps: 2,
  deadlineMinutes: 60,
  seed: 1,
  config,
};

/** Footage of a site: one clip, of which four stretches are set aside. */
export function siteFootage(root: string, name: string, frames = 80): Promise<string> {
  return makeImageFolder(join(root, "footage", name), `撮影 ${name}`, frames, { size: 32 });
}

/** A coordinator in `ROOT/coordinator`, and a token for each site. */
export async function coordinate(
  root: string,
  names: readonly string[],
  more: Partial<ServeFederationOptions> = {},
): Promise<{ url: string; tokens: Record<string, string> } & AsyncDisposable> {
  const data = join(root, "coordinator");
  const file = new TokenFile(data);
  const tokens: Record<string, string> = {};
  const known = new Set((await file.list()).map(({ name }) => name));
  for (const name of names) if (!known.has(name)) tokens[name] = await file.create(name, ["federate"]);
  const service = await serveFederation({
    data,
    port: 0,
    settings,
    init: "none",
    logger: silent,
    pollSeconds: 0.05,
    ...more,
  });
  return { url: service.url, tokens, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** A site takes part until the end. */
export function takePart(root: string, name: string, url: string, token: string, signal?: AbortSignal) {
  const wishes = {
    url,
    token,
    footage: [join(root, "footage", name)],
    out: join(root, "joined", name),
    cache: join(root, "cache"),
    pauseSeconds: 0.02,
  };
  const machine = { device: "cpu", threads: 1 } as const;
  return joinFederation(wishes, { logger: silent, machine, signal: signal ?? new AbortController().signal });
}
