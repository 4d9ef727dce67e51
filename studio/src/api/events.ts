/** @file What happens to jobs, as the service sends it. */
import { client, ServiceError } from "./client.ts";
import type { JobEvent } from "./types.ts";

const AGAIN_MS = 1000;

/**
 * Listens until the signal is aborted.
 * @param onOpen connected, perhaps again: what was missed meanwhile has to be asked for.
 * @param onEvent something happened to a job.
 */
export async function followJobs(
  signal: AbortSignal,
  onOpen: () => void,
  onEvent: (event: JobEvent) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of client.events({ signal, onOpen })) onEvent(event);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
