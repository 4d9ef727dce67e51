/**
 * @file Files that were dropped on the page, sent one after the other. An upload that broke off goes on where it was, also
 * after the page was closed: the browser keeps its address, and the same file finds it again.
 */
import { signal } from "@preact/signals";
import { client, ServiceError } from "../api/client.ts";
import { Pace } from "./pace.ts";

/** - known: there is a clip of this name already; the person decides. */
export type UploadState = "waiting" | "known" | "sending" | "done" | "failed";

/** A file on its way. */
export interface Upload {
  readonly key: number;
  readonly file: File;
  readonly state: UploadState;
  /** Bytes that have arrived. */
  readonly sent: number;
  /** Seconds; undefined until a piece has arrived. */
  readonly left: number | undefined;
  readonly problem: string;
}

/** Where addresses of uploads that are not complete are kept. */
const PLACES = "tsumugi.uploads";
/** A service forgets an upload after a week; so many are remembered. */
const MOST_PLACES = 50;

export class Uploads {
  readonly all = signal<readonly Upload[]>([]);
  private readonly isThere: (name: string) => boolean;
  private readonly onClip: (clip: string) => void;
  private readonly aborts = new Map<number, AbortController>();
  private count = 0;
  private isSending = false;

  /** @param isThere whether a clip has this name. @param onClip a clip is complete. */
  constructor(isThere: (name: string) => boolean, onClip: (clip: string) => void) {
    this.isThere = isThere;
    this.onClip = onClip;
  }

  /** Files that are under way already are not begun again. */
  add(files: readonly File[]): void {
    const underway = this.all.peek().filter(({ state }) => state !== "done" && state !== "failed");
    const known = new Set(underway.map(({ file }) => identityOf(file)));
    const added = files.flatMap((file): Upload[] => {
      if (known.has(identityOf(file))) return [];
      known.add(identityOf(file));
      const state = this.isThere(file.name) ? "known" : "waiting";
      return [{ key: this.count++, file, state, sent: 0, left: undefined, problem: "" }];
    });
    const kept = this.all.peek().filter(({ file }) => !added.some((one) => identityOf(one.file) === identityOf(file)));
    this.all.value = [...kept, ...added];
    void this.send();
  }

  /** Sends what was held back or failed. */
  begin(key: number): void {
    this.change(key, { state: "waiting", problem: "" });
    void this.send();
  }

  /** Takes it off the list; what has arrived stays for a week. */
  drop(key: number): void {
    this.aborts.get(key)?.abort();
    this.all.value = this.all.peek().filter((one) => one.key !== key);
  }

  /** Whether the page should not be left. */
  get isBusy(): boolean {
    return this.all.peek().some(({ state }) => state === "waiting" || state === "sending");
  }

  private change(key: number, changed: Partial<Upload>): void {
    this.all.value = this.all.peek().map((one) => (one.key === key ? { ...one, ...changed } : one));
  }

  private async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (;;) {
        const next = this.all.peek().find(({ state }) => state === "waiting");
        if (next === undefined) return;
        await this.sendOne(next);
      }
    } finally {
      this.isSending = false;
    }
  }

  private async sendOne({ key, file }: Upload): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(key, abort);
    this.change(key, { state: "sending" });
    const identity = identityOf(file);
    const pace = new Pace(file.size);
    try {
      const clip = await client.upload(file.name, file, {
        place: placesKept()[identity],
        onBegun: (place) => keepPlace(identity, place),
        onProgress: (sent) => this.change(key, { sent, left: pace.left(sent) }),
        signal: abort.signal,
      });
      keepPlace(identity, undefined);
      this.change(key, { state: "done" });
      this.onClip(clip);
    } catch (error) {
      if (abort.signal.aborted) return;
      if (!(error instanceof ServiceError) && !(error instanceof TypeError)) throw error;
      this.change(key, { state: "failed", problem: error.message });
    } finally {
      this.aborts.delete(key);
    }
  }
}

const identityOf = ({ name, size, lastModified }: File): string => `${name} ${size} ${lastModified}`;

type Places = Record<string, string>;

const placesKept = (): Places => JSON.parse(localStorage.getItem(PLACES) ?? "{}") as Places;

function keepPlace(identity: string, place: string | undefined): void {
  const { [identity]: _, ...others } = placesKept();
  const all = Object.entries(place === undefined ? others : { ...others, [identity]: place });
  localStorage.setItem(PLACES, JSON.stringify(Object.fromEntries(all.slice(-MOST_PLACES))));
}
