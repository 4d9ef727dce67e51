/** @file What requests have in common: parameters, conditions, bodies. */
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import type { Expected } from "../labels/labelStore.ts";
import { errorBody } from "./schemas.ts";

/** A server whose routes are typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export const idOf = z.string().regex(/^[\w-]{1,64}$/u);
export const frameOf = z.coerce.number().int().min(0).max(10_000_000);
/** An answer without a body. */
export const nothing = z.void();

/** The documented answers of a route: what it gives, and an error. */
export function answers<Schema extends z.ZodType>(schema: Schema) {
  return { 200: schema, "4xx": errorBody, "5xx": errorBody } as const;
}

/** Answers that are not JSON. */
export function contents(...types: readonly string[]) {
  const binary = z.string().meta({ format: "binary" });
  return {
    200: { content: Object.fromEntries(types.map((type) => [type, { schema: binary }])) },
    "4xx": errorBody,
    "5xx": errorBody,
  } as const;
}

/** What `If-Match` or `If-None-Match: *` expect to be replaced. */
export function expectedOf({ headers }: FastifyRequest): Expected {
  const match = headers["if-match"];
  if (match !== undefined) return match === "*" ? "*" : unquoted(match);
  return headers["if-none-match"] === "*" ? null : undefined;
}

const unquoted = (tag: string): string => tag.replace(/^(?:W\/)?"(?<tag>.*)"$/u, "$<tag>");

/** Sends bytes with their tag, or nothing to those who have them. */
export function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, tag, cache, bytes }: Tagged,
): Promise<FastifyReply> | FastifyReply {
  void reply.header("etag", `"${tag}"`).header("cache-control", cache ?? "private, no-cache");
  if (request.headers["if-none-match"]?.split(",").some((one) => unquoted(one.trim()) === tag) === true)
    return reply.code(304).send();
  return reply.type(type).send(bytes);
}

/** Bytes that answer a request. */
interface Tagged {
  readonly type: string;
  readonly tag: string;
  readonly cache?: string;
  readonly bytes: Uint8Array;
}

/** @throws UserError `service/invalid` for a body that is not bytes */
export function bytesOf({ body }: FastifyRequest): Uint8Array {
  if (body instanceof Uint8Array && body.length > 0) return body;
  throw new UserError("service/invalid", { what: "the body is empty", expected: "the bytes of a file" });
}
