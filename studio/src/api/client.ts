/** @file Requests to the service. One that does not reach it is sent again every second until it does. */
import { signal } from "@preact/signals";
import type { ErrorParts } from "./types.ts";

/** Whether the latest request was answered. */
export const isConnected = signal(true);

const AGAIN_MS = 1000;

/** An answer of the service that says no. */
export class ServiceError extends Error {
  readonly status: number;
  readonly parts: ErrorParts;

  constructor(status: number, parts: ErrorParts) {
    super(parts.message);
    this.status = status;
    this.parts = parts;
  }
}

/** @throws ServiceError; the signal's reason once that is aborted */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const response = await fetch(path, init).catch(() => undefined);
    init.signal?.throwIfAborted();
    if (response !== undefined) {
      isConnected.value = true;
      if (response.ok) return response;
      throw new ServiceError(response.status, await partsOf(response));
    }
    isConnected.value = false;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function partsOf(response: Response): Promise<ErrorParts> {
  const body = (await response.json().catch(() => undefined)) as { error?: ErrorParts } | undefined;
  const what = `${response.status} ${response.statusText}`;
  return body?.error ?? { code: "internal", message: what, what };
}

export async function get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return (await request(path, signal ? { signal } : {})).json() as Promise<Body>;
}

/** Sends JSON. */
export async function send<Body>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Body> {
  const json =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
  return (await request(path, { method, headers, ...json })).json() as Promise<Body>;
}

/** The condition that what is replaced is what is known: a tag, or null for nothing. */
export function ifStill(tag: string | null): Record<string, string> {
  return tag === null ? { "if-none-match": "*" } : { "if-match": `"${tag}"` };
}

/** Bytes and their tag; undefined where there is nothing. */
export async function getRaw(
  path: string,
  signal?: AbortSignal,
): Promise<{ data: Uint8Array; tag: string } | undefined> {
  try {
    const response = await request(path, signal ? { signal } : {});
    const tag = /^(?:W\/)?"(?<tag>.*?)(?:-raw)?"$/u.exec(response.headers.get("etag") ?? "")?.groups?.["tag"] ?? "";
    return { data: new Uint8Array(await response.arrayBuffer()), tag };
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}

export async function putRaw(path: string, data: Uint8Array, tag: string | null): Promise<string> {
  const headers = { "content-type": "application/octet-stream", ...ifStill(tag) };
  const response = await request(path, { method: "PUT", headers, body: data as Uint8Array<ArrayBuffer> });
  return ((await response.json()) as { tag: string }).tag;
}
