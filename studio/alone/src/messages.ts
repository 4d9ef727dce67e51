/** @file What the page and the worker that tracks say to each other. */

/** To the worker; anything after the first stops it. */
export interface TrackRequest {
  /** Of the clip. */
  readonly files: readonly File[];
  /** The labelled frame, and its mask `[height, width]`. */
  readonly start: number;
  readonly mask: Uint8Array;
  /** Later frames that are labelled: what was found there is replaced. */
  readonly corrections: ReadonlyMap<number, Uint8Array>;
  /** Where the page is served. */
  readonly base: string;
}

/** From the worker. */
export type TrackAnswer =
  | { readonly kind: "frame"; readonly index: number; readonly png: Uint8Array; readonly unsure: readonly number[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };
