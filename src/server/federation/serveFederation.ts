/** @file `tsumugi federate serve`: a coordinator that sites can ask. */
import { makeFolders } from "../../core/files.ts";
import { Coordinator, type CoordinatorOptions } from "../../federation/coordinator.ts";
import type { Api } from "../api/requests.ts";
import { closeAll, type Closer, guardOf, listen, type Listening } from "../listening.ts";
import { pathHider } from "../security/hiddenPaths.ts";
import { bareServer } from "../server.ts";
import { federationRoutes } from "./routes.ts";

/** A coordinator, and where it listens; a token is always needed, since it says which site asks. */
export interface ServeFederationOptions
  extends Omit<Listening, "requireToken">, Pick<CoordinatorOptions, "settings" | "init" | "logger" | "pollSeconds"> {
  /** The coordinator's folder, with its tokens. */
  readonly data: string;
}

/** A coordinator that listens. */
export interface FederationService extends AsyncDisposable {
  /** `http://127.0.0.1:4500` */
  readonly url: string;
  readonly coordinator: Coordinator;
}

/** Sites ask every few seconds; 100 of them behind one address are well below. */
const PER_MINUTE = 6000;

/** @throws UserError `service/port`, `service/token` where there is none yet, and those of `Coordinator.open` */
export async function serveFederation(options: ServeFederationOptions): Promise<FederationService> {
  const { data, logger } = options;
  const closers: Closer[] = [];
  try {
    await makeFolders(data);
    const guard = await guardOf({ perMinute: PER_MINUTE, ...options, requireToken: true }, data);
    const coordinator = await Coordinator.open({ ...options, folder: data });
    closers.push(() => coordinator[Symbol.asyncDispose]());
    const api = await bareServer({ ...guard, logger, hide: pathHider([], data) });
    closers.push(() => api.close());
    await api.register(async (inner) => federationRoutes(inner as unknown as Api, coordinator));
    const url = await listen(api, options);
    return { url, coordinator, [Symbol.asyncDispose]: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
