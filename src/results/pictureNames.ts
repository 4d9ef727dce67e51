/** @file File names of the pictures of a whole clip. */

/** Names in the folder of the results. */
export const CLIP_PICTURES = ["trajectories.svg", "trajectories.png", "speed.svg", "speed.png", "heatmap.png"] as const;
