/** @file What went wrong, in words. */
import { ServiceError } from "../api/client.ts";

/** @throws what is no error of the service */
export function messageOf(error: unknown): string {
  if (error instanceof ServiceError) return error.message;
  throw error;
}
