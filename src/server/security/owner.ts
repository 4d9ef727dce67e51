/** @file Who makes a request. */
import type { FastifyRequest } from "fastify";

declare module "fastify" {
  interface FastifyRequest {
    /** Name of the token; undefined where none is needed. */
    owner?: string;
  }
}

/** The name of the request's token; `local` where none is needed. */
export function ownerOf({ owner = "local" }: FastifyRequest): string {
  return owner;
}
