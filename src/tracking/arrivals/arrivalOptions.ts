/** @file What makes a new thing, and how long tracks of such things live. */
import { UserError } from "../../core/errors.ts";
import type { LifeTimes } from "./thingTracks.ts";

/** What comes in becomes a track if it looks like labelled objects (ids, or all of them), or if it moves. */
export type ArrivalSource =
  | { readonly kind: "like"; readonly examples: readonly number[] | "any" }
  | { readonly kind: "moving" };

/** How things that come in are tracked. */
export interface ArrivalOptions extends LifeTimes {
  readonly source: ArrivalSource;
}

/** The default life times, frames. */
export const LIFE_TIMES: LifeTimes = { births: 3, deaths: 3, away: 50 };

/** Arrivals as they are asked for. */
export interface ArrivalWish {
  /** `like:NAME`, `like:any` or `moving`. */
  readonly what: string;
  /** See `LifeTimes`. */
  readonly births?: number | undefined;
  readonly deaths?: number | undefined;
  readonly away?: number | undefined;
}

/** What is labelled. */
export interface LabelledObjects {
  /** Ids. */
  readonly labelled: readonly number[];
  /** Ids by name. */
  readonly names: ReadonlyMap<string, number>;
}

const LIKE = "like:";

/** @throws UserError `arrivals/unknown`, `arrivals/name` */
export function resolveArrivals({ what, ...times }: ArrivalWish, objects: LabelledObjects): ArrivalOptions {
  const own = Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
  return { ...LIFE_TIMES, ...own, source: sourceOf(what, objects) };
}

/** The name that things which come in share; undefined where they have none. @throws UserError `arrivals/unknown` */
export function arrivalName(what: string): string | undefined {
  if (what === "moving") return undefined;
  const name = what.startsWith(LIKE) ? what.slice(LIKE.length) : "";
  if (name !== "") return name === "any" ? undefined : name;
  throw new UserError("arrivals/unknown", {
    what: "--arrivals does not say what comes in",
    got: `"${what}"`,
    expected: "like:NAME (a labelled object by its name or id), like:any, or moving",
  });
}

function sourceOf(what: string, { labelled, names }: LabelledObjects): ArrivalSource {
  const name = arrivalName(what);
  if (name === undefined) return what === "moving" ? { kind: "moving" } : { kind: "like", examples: "any" };
  const id = names.get(name) ?? Number(name);
  if (labelled.includes(id) && id !== 0) return { kind: "like", examples: [id] };
  const known = [...names.keys(), ...labelled.filter((one) => one !== 0).map(String)];
  throw new UserError("arrivals/name", {
    what: "nothing that is labelled has the name that --arrivals gives",
    got: `"${name}"`,
    expected: known.length > 0 ? `one of ${known.join(", ")}` : "the name of something that is labelled",
    todo: "name a labelled object by its name or its id, or use like:any",
  });
}

/** The ids of examples. @param labelled all objects of the labelled frame. */
export function examplesOf(source: ArrivalSource, labelled: readonly number[]): readonly number[] {
  if (source.kind === "moving") return [];
  const { examples } = source;
  return examples === "any" ? labelled : labelled.filter((id) => examples.includes(id));
}
