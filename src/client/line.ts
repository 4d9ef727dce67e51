/** @file Requests to a service at an address: with its token, and with its errors as data. */
import type { ErrorBody } from "./api.ts";

/** How a service is reached. */
export interface ClientOptions {
  /** Default: none, or the cookie of a page that has logged in. */
  readonly token?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What the service answered instead of what was asked for. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly status: number;
  /** What was wrong, as data; docs/errors.md lists the codes. */
  readonly error: ErrorBody["error"];

  constructor(status: number, { error }: ErrorBody) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

/** A service at an address. */
export class Line {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The one that was given. */
  readonly fetch: typeof globalThis.fetch;

  /** @param url such as `http://127.0.0.1:4400` */
  constructor(url: string, { token, fetch = globalThis.fetch }: ClientOptions = {}) {
    this.url = url.replace(/\/$/u, "");
    this.headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.fetch = (...request) => fetch(...request);
  }

  /** The answer to a request. @throws ServiceError for one that is an error; what `fetch` throws where there is none */
  async send(path: string, request: RequestInit): Promise<Response> {
    const headers = { ...this.headers, ...(request.headers as Record<string, string> | undefined) };
    const answer = await this.fetch(`${this.url}${path}`, { ...request, headers });
    if (answer.ok) return answer;
    const body = (await answer.json().catch(() => undefined)) as ErrorBody | undefined;
    const what = `status ${answer.status}`;
    throw new ServiceError(answer.status, body ?? { error: { code: "internal", message: what, what } });
  }
}
