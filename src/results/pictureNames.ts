/** @file How the pictures of a whole clip are called. */

/** Names in the folder of the results. */
export const CLIP_PICTURES = ["trajectories.svg", "trajectories.png", "speed.svg", "speed.png", "heatmap.png"] as const;
