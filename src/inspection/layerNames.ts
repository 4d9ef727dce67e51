/** @file The layers of a frame that are drawn when they are asked for; `VIEWS` says what they mean. */
import type { ViewName } from "./frameViews.ts";

/** Drawn whatever the weights. */
export const LAYERS = ["motion", "outlines", "regions", "features"] as const satisfies readonly ViewName[];
/** One of `LAYERS`. */
export type LayerName = (typeof LAYERS)[number];
