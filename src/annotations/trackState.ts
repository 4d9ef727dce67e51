/** @file The one word for what is known of a thing in a frame. docs/results.md says when each holds. */

/**
 * `given`: labelled or corrected in this frame; `visible`; `uncertain`: visible, but more likely wrong than right;
 * `hidden`: not visible; `left`: not visible because it went over the picture's edge.
 */
export const TRACK_STATES = ["given", "visible", "uncertain", "hidden", "left"] as const;

/** One of `TRACK_STATES`. */
export type TrackState = (typeof TRACK_STATES)[number];

/** From this confidence on a visible thing is not uncertain. */
export const SURE = 0.5;
