/** @file The client of the service. A request that does not reach it is sent again every second until it does. */
import { signal } from "@preact/signals";
import { ServiceClient, ServiceError } from "../../../src/client/index.ts";

export { ifStill, ServiceError } from "../../../src/client/index.ts";

/** Whether the latest request was answered. */
export const isConnected = signal(true);

const AGAIN_MS = 1000;

/** @throws the signal's reason once that is aborted */
const patient: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  for (;;) {
    const response = await fetch(request.clone()).catch(() => undefined);
    request.signal.throwIfAborted();
    isConnected.value = response !== undefined;
    if (response !== undefined) return response;
    // A piece of an upload may have arrived although its answer did not: the upload asks before it sends again.
    if (request.method === "PATCH") throw new TypeError("the line broke");
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
};

export const client = new ServiceClient(location.origin, { fetch: patient });
export const { api } = client;

/** What a request of `api` gave. @throws ServiceError */
export const ask = client.ask.bind(client);

/** What went wrong, in words. @throws what is no error of the service */
export function messageOf(error: unknown): string {
  if (error instanceof ServiceError) return error.message;
  throw error;
}

/** A header that makes a request safe to send again. */
export const onlyOnce = (): Record<string, string> => ({ "idempotency-key": crypto.randomUUID() });
