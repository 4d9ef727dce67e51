/**
 * @file A client of the service, for Node and for pages: requests typed by the OpenAPI document, and what takes more than one
 * request. `tsumugi/client` in the package.
 */
import createClient, { type Client } from "openapi-fetch";
import type { ErrorBody, Job, JobEvent, paths } from "./api.ts";
import { eventsIn } from "./eventStream.ts";
import { type ClientOptions, Line, ServiceError } from "./line.ts";

export { type ClientOptions, ServiceError } from "./line.ts";
export type {
  Clip,
  ClipCheck,
  ErrorBody,
  Job,
  JobEvent,
  LabelledFrame,
  LabelledObject,
  Metrics,
  ProbedClip,
  Records,
  Session,
  Shapes,
  Site,
  SiteModels,
  SitePlan,
  SiteReport,
  paths,
} from "./api.ts";

/** Bytes as they are on the service, and their version. */
export interface Tagged {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The ETag, without quotes. */
  readonly tag: string;
}

/** How a frame's mask is replaced. */
export interface MaskWrite {
  /** The media type: of a PNG by default; `"application/octet-stream"` for `[height, width]` uint8 labels. */
  readonly type?: string;
  /** What is there now, see `ifStill`. Default: whatever is there is replaced. */
  readonly replaces?: string | null;
}

/** An upload, from outside. */
export interface UploadOptions {
  /** Told the number of bytes that have arrived. */
  readonly onProgress?: (bytes: number) => void;
  /** Told the address of the upload, with which it can be resumed later, even by another client. */
  readonly onBegun?: (place: string) => void;
  /** The address of an upload of the same file that was begun before. */
  readonly place?: string | undefined;
  /** Stops sending; what has arrived stays for a week. */
  readonly signal?: AbortSignal;
}

/** Headers of a write that is refused unless what it replaces is still this version. @param tag null for nothing */
export function ifStill(tag: string | null): Record<string, string> {
  return tag === null ? { "if-none-match": "*" } : { "if-match": `"${tag}"` };
}

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
  async bytes(path: string, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.send(path, signal ? { signal } : {})).arrayBuffer());
  }

  /** Bytes with their version; undefined where there are none. @throws ServiceError */
  async tagged(path: string, signal?: AbortSignal): Promise<Tagged | undefined> {
    try {
      const answer = await this.send(path, signal ? { signal } : {});
      const tag = /^(?:W\/)?"(?<tag>.*?)(?:-raw)?"$/u.exec(answer.headers.get("etag") ?? "")?.groups?.["tag"] ?? "";
      return { bytes: new Uint8Array(await answer.arrayBuffer()), tag };
    } catch (error) {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * Replaces a frame's mask.
   * @param mask a picture's file, or labels.
   * @returns its ETag. @throws ServiceError `service/changed` where something else than `replaces` is there
   */
  async putMask(
    clip: string,
    frame: number,
    mask: Uint8Array,
    { type = "image/png", replaces }: MaskWrite = {},
  ): Promise<string> {
    const headers = { "content-type": type, ...(replaces !== undefined && ifStill(replaces)) };
    const request = { method: "PUT", headers, body: new Uint8Array(mask) };
    const answer = await this.send(`/api/clips/${clip}/labels/${frame}/mask`, request);
    return ((await answer.json()) as { tag: string }).tag;
  }

  /**
   * Uploads a video in pieces; where the line breaks, it goes on from what has arrived.
   * @returns the clip's id. @throws ServiceError; the last error of the line when it stays broken; the signal's reason
   */
  async upload(name: string, file: Blob, options: UploadOptions = {}): Promise<string> {
    const { onProgress = () => {}, onBegun = () => {}, signal } = options;
    const known = options.place === undefined ? undefined : await this.arrived(options.place, signal);
    const place = known === undefined ? await this.begin(name, file.size, signal) : (options.place as string);
    if (known === undefined) onBegun(place);
    let at: Arrived = known ?? { offset: 0, clip: undefined };
    for (let failures = 0; at.clip === undefined;) {
      onProgress(at.offset);
      try {
        at = await this.sendPiece(place, at.offset, file.slice(at.offset, at.offset + PIECE), signal);
        failures = 0;
      } catch (error) {
        signal?.throwIfAborted();
        if ((error instanceof ServiceError && error.status !== 460) || ++failures > TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE * failures));
        at = (await this.arrived(place, signal).catch(() => undefined)) ?? at;
      }
    }
    onProgress(file.size);
    return at.clip;
  }

  private async begin(name: string, length: number, signal: AbortSignal | undefined): Promise<string> {
    const metadata = `filename ${base64(new TextEncoder().encode(name))}`;
    const headers = { ...TUS, "upload-length": String(length), "upload-metadata": metadata };
    const begun = await this.send("/api/uploads", { method: "POST", headers, ...(signal && { signal }) });
    return begun.headers.get("location") ?? "";
  }

  /** How far an upload is; undefined for one that the service does not know any more. */
  private async arrived(place: string, signal: AbortSignal | undefined): Promise<Arrived | undefined> {
    try {
      return arrivedOf(await this.send(place, { method: "HEAD", headers: TUS, ...(signal && { signal }) }));
    } catch (error) {
      if (error instanceof ServiceError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * What happens to jobs, from now on or from an event on; goes on after a broken line, without gaps, until the signal is
   * aborted.
   * @param from.after id of the last event that is known.
   * @param from.onOpen the line is there, perhaps again: what was missed before it, if anything, has to be asked for.
   */
  async *events(
    from: { after?: number; job?: string; signal?: AbortSignal; onOpen?: () => void } = {},
  ): AsyncGenerator<JobEvent> {
    const { job, signal, onOpen = () => {} } = from;
    let { after } = from;
    for (;;) {
      const query = new URLSearchParams({
        ...(job !== undefined && { job }),
        ...(after !== undefined && { after: String(after) }),
      });
      try {
        const answer = await this.send(`/api/events?${query.toString()}`, { ...(signal && { signal }) });
        onOpen();
        for await (const { event: name, data } of eventsIn(answer.body)) {
          if (name === "missed") onOpen();
          if (data === "{}") continue;
          const event = JSON.parse(data) as JobEvent;
          after = event.id;
          yield event;
        }
      } catch (error) {
        if (error instanceof ServiceError && signal?.aborted !== true) throw error;
      }
      if (signal?.aborted === true) return;
      // Also after an end without an error: a proxy may end every answer at once.
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
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

  private async sendPiece(
    place: string,
    offset: number,
    piece: Blob,
    signal: AbortSignal | undefined,
  ): Promise<Arrived> {
    const body = new Uint8Array(await piece.arrayBuffer());
    const sum = base64(new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
    const type = "application/offset+octet-stream";
    const headers = {
      ...TUS,
      "content-type": type,
      "upload-offset": String(offset),
      "upload-checksum": `sha256 ${sum}`,
    };
    return arrivedOf(await this.send(place, { method: "PATCH", headers, body, ...(signal && { signal }) }));
  }

  /** A request as the platform's `fetch` makes it. @throws ServiceError */
  send(path: string, request: RequestInit = {}): Promise<Response> {
    return this.line.send(path, request);
  }
}

/** How far an upload is, and its clip once all is there. */
interface Arrived {
  readonly offset: number;
  readonly clip: string | undefined;
}

function arrivedOf({ headers }: Response): Arrived {
  return { offset: Number(headers.get("upload-offset")), clip: headers.get("clip") ?? undefined };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(""));
}
