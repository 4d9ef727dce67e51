/** @file `site.json`: what a site is about. Read strictly: a key that nobody knows is a mistake, not a wish. */
import { z } from "zod";

/** The version of the file's layout. */
export const SITE_FORMAT = 1;

const time = z.iso.datetime();

/** A clip of the footage: its path, never a copy. */
export const siteClipSchema = z.strictObject({
  /** Names the clip in the site's folders; unique. */
  key: z.string().min(1),
  /** The folder that the clip lies in: what comes from one camera lies in one folder. */
  camera: z.string(),
  /** Absolute. */
  path: z.string().min(1),
  frames: z.int().min(1),
  width: z.int().min(1),
  height: z.int().min(1),
  /** From the first frame to the last. */
  seconds: z.number().min(0),
});
export type SiteClip = z.output<typeof siteClipSchema>;

/** A target, or (value null) its withdrawal, with the time it was set. */
export const siteTargetSchema = z.strictObject({
  metric: z.string(),
  value: z.number().gt(0).lt(1).nullable(),
  set: time,
  /** A report had shown results of the site before. */
  afterResults: z.boolean(),
});
export type SiteTarget = z.output<typeof siteTargetSchema>;

/** What work costs. */
export const sitePricesSchema = z.strictObject({
  /** Seconds to draw the mask of one object by hand. */
  maskSec: z.number().gt(0),
  /** Seconds to correct one mask that was tracked. */
  correctionSec: z.number().gt(0),
  /** Objects to a frame, on average, where no label has shown it yet. */
  objectsPerFrame: z.number().gt(0),
  /** Of an hour of work; null = unknown. */
  wagePerHour: z.number().min(0).nullable(),
  /** Of an hour of the machine. */
  machinePerHour: z.number().min(0),
  currency: z.string(),
});
export type SitePrices = z.output<typeof sitePricesSchema>;

/** Where nothing was said: assumptions, named as such in the report. */
export const DEFAULT_PRICES: SitePrices = {
  maskSec: 60,
  correctionSec: 30,
  objectsPerFrame: 1,
  wagePerHour: null,
  machinePerHour: 0,
  currency: "EUR",
};

/** How the site's clips are tracked: keys of a track task. */
export const siteTrackerSchema = z.strictObject({
  mode: z.string().exactOptional(),
  protocol: z.string().exactOptional(),
  shortSide: z.int().min(16).max(8192).exactOptional(),
});

/** Settings of tracking that were found for the site, under a name: keys of a track task. */
export const sitePresetSchema = z.strictObject({
  name: z.string().min(1),
  tracker: z.record(z.string(), z.unknown()),
});
export type SitePreset = z.output<typeof sitePresetSchema>;

export const siteSchema = z.strictObject({
  format: z.literal(SITE_FORMAT),
  name: z.string().min(1),
  made: time,
  /** Of all that is drawn at random. */
  seed: z.int().min(0),
  footage: z.array(siteClipSchema).min(1),
  /** Everything that was ever set, in order; the last of a metric counts. */
  targets: z.array(siteTargetSchema),
  prices: sitePricesSchema,
  /** Names of objects by their value in masks. */
  objects: z.record(z.string(), z.string()),
  tracker: siteTrackerSchema,
  /** Number of the model in use, see `models.ts`. */
  model: z.int().min(0),
  /** Goes over `tracker`; null = none is in use. */
  preset: sitePresetSchema.nullable().default(null),
});
/** The contents of `site.json`. */
export type Site = z.output<typeof siteSchema>;
