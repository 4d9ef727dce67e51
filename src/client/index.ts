/**
 * @file A client of the service, for Node and for pages: requests typed by the OpenAPI document, and what takes more than one
 * request. `tsumugi/client` in the package.
 */
import createClient, { type Client } from "openapi-fetch";
import type { ErrorBody, Job, JobEvent, paths } from "./api.ts";
import { eventsIn } from "./eventStream.ts";
import { type ClientOptions, Line, ServiceError } from "./line.ts";

export { type ClientOptions, ServiceError } from "./line.ts";
export type { Clip, ErrorBody, Job, JobEvent, ProbedClip, Session, paths } from "./api.ts";

/** Bytes that are sent at once in an upload; each piece has a checksum. */
const PIECE = 8 * 1024 ** 2;
/** How often a piece is sent again when the line breaks, and the pause before that, ms. */
const TRIES = 5;
const PAUSE = 500;
const TUS = { "tus-resumable": "1.0.0" };

const ENDED: ReadonlySet<Job["state"]> = new Set(["done", "failed", "cancelled"]);

/** A service at an address. */
export class ServiceClient {
  /** Every route: `client.api.GET("/api/clips/{clip}", { params: { path: { clip } } })`. */
  readonly api: Client<paths>;
  private readonly line: Line;

  /** @param url such as `http://127.0.0.1:4400` */
  constructor(url: string, options: ClientOptions = {}) {
    this.line = new Line(url, options);
    const { headers, fetch } = this.line;
    this.api = createClient<paths>({ baseUrl: this.line.url, headers, fetch: (request) => fetch(request) });
  }

  /**
   * What a request of `api` gave.
   * @throws ServiceError
   */
  async ask<Data>(request: Promise<{ data?: Data; error?: unknown; response: Response }>): Promise<Data> {
    const { data, error, response } = await request;
    if (!response.ok) throw new ServiceError(response.status, error as ErrorBody);
    return data as Data;
  }

  /** The bytes of a route that answers with a file or a picture. @throws ServiceError */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.line.send(path, {})).arrayBuffer());
  }

  /**
   * Replaces a frame's mask.
   * @param mask a picture's file; or `[height, width]` uint8 labels, with the type `application/octet-stream`.
   * @returns its ETag. @throws ServiceError
   */
  async putMask(clip: string, frame: number, mask: Uint8Array, type = "image/png"): Promise<string> {
    const request = { method: "PUT", headers: { "content-type": type }, body: new Uint8Array(mask) };
    const answer = await this.line.send(`/api/clips/${clip}/labels/${frame}/mask`, request);
    return ((await answer.json()) as { tag: string }).tag;
  }

  /**
   * Uploads a video in pieces; where the line breaks, it goes on from what has arrived.
   * @param onProgress told the number of bytes that have arrived.
   * @returns the clip's id. @throws ServiceError; the last error of the line when it stays broken
   */
  async upload(name: string, file: Blob, onProgress: (bytes: number) => void = () => {}): Promise<string> {
    const metadata = `filename ${base64(new TextEncoder().encode(name))}`;
    const headers = { ...TUS, "upload-length": String(file.size), "upload-metadata": metadata };
    const begun = await this.line.send("/api/uploads", { method: "POST", headers });
    const place = begun.headers.get("location") ?? "";
    for (let offset = 0, failures = 0; ;) {
      try {
        const answer = await this.sendPiece(place, offset, file.slice(offset, offset + PIECE));
        offset = Number(answer.headers.get("upload-offset"));
        failures = 0;
        onProgress(offset);
        const clip = answer.headers.get("clip");
        if (clip !== null) return clip;
      } catch (error) {
        if ((error instanceof ServiceError && error.status !== 460) || ++failures > TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE * failures));
        const there = await this.line.send(place, { method: "HEAD", headers: TUS }).catch(() => undefined);
        offset = Number(there?.headers.get("upload-offset") ?? offset);
      }
    }
  }

  /**
   * What happens to jobs, from now on or from an event on; goes on after a broken line, without gaps, until the signal is
   * aborted.
   * @param from.after id of the last event that is known.
   */
  async *events(from: { after?: number; job?: string; signal?: AbortSignal } = {}): AsyncGenerator<JobEvent> {
    const { job, signal } = from;
    let { after } = from;
    for (;;) {
      const query = new URLSearchParams({
        ...(job !== undefined && { job }),
        ...(after !== undefined && { after: String(after) }),
      });
      try {
        const answer = await this.line.send(`/api/events?${query.toString()}`, { ...(signal && { signal }) });
        for await (const { data } of eventsIn(answer.body)) {
          if (data === "{}") continue;
          const event = JSON.parse(data) as JobEvent;
          after = event.id;
          yield event;
        }
      } catch (error) {
        if (signal?.aborted === true) return;
        if (error instanceof ServiceError) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  /**
   * Waits for a job's end.
   * @returns the job, which may have failed. @throws ServiceError
   */
  async ended(job: string): Promise<Job> {
    const left = new AbortController();
    const now = () => this.ask(this.api.GET("/api/jobs/{job}", { params: { path: { job } } }));
    try {
      for await (const { kind } of this.events({ after: 0, job, signal: left.signal })) {
        const there = kind === "state" ? await now() : undefined;
        if (there !== undefined && ENDED.has(there.state)) return there;
      }
      return await now();
    } finally {
      left.abort();
    }
  }

  private async sendPiece(place: string, offset: number, piece: Blob): Promise<Response> {
    const body = new Uint8Array(await piece.arrayBuffer());
    const sum = base64(new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
    const type = "application/offset+octet-stream";
    const headers = {
      ...TUS,
      "content-type": type,
      "upload-offset": String(offset),
      "upload-checksum": `sha256 ${sum}`,
    };
    return this.line.send(place, { method: "PATCH", headers, body });
  }
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
}
