/** @file Serves the page that tracks in the browser alone, on this machine. */
import type { Logger } from "../../core/log.ts";
import type { Api } from "../api/requests.ts";
import { closeAll, type Closer, guardOf, listen } from "../listening.ts";
import { pagePolicy, studioRoutes } from "../routes/studio.ts";
import { pathHider } from "../security/hiddenPaths.ts";
import { bareServer } from "../server.ts";
import type { Service } from "../serve.ts";
import { writeAlone } from "./writeAlone.ts";

/** Where the page is written, and where it is served. */
export interface ServeAloneOptions {
  readonly folder: string;
  /** 0: any free one. */
  readonly port: number;
  readonly logger: Logger;
}

/** The page and its threads fetch what lies beside them, and compile WebAssembly; nothing else can be reached. */
const POLICY = pagePolicy(["script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'"]);

/** Writes the folder and serves it. @throws UserError those of `writeAlone`, `service/port` */
export async function serveAlone({ folder, port, logger }: ServeAloneOptions): Promise<Service> {
  await writeAlone(folder);
  const closers: Closer[] = [];
  try {
    const guard = await guardOf({ port, data: folder }, folder);
    const api = await bareServer({ ...guard, logger, hide: pathHider([], folder) });
    closers.push(() => api.close());
    // With the header that all answers carry anyway: memory may be shared between the page's threads.
    api.addHook("onRequest", async (_, reply) => void reply.header("cross-origin-embedder-policy", "require-corp"));
    await api.register(async (inner) => studioRoutes(inner as unknown as Api, folder, POLICY));
    const url = await listen(api, { port });
    return { url, [Symbol.asyncDispose]: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
