/** @file Error codes of benchmarks, scores and inspection. */
import { group } from "./group.ts";

export const evaluation = group("Evaluation", {
  "davis/no-frames": {
    status: 404,
    summary: "The data set has no frames of a sequence of the split.",
    remedy: "Check the data folder, the resolution and the split.",
  },
  "davis/first-frame": {
    status: 422,
    summary: "The first frame of a sequence has no mask.",
    remedy: "Add the mask under the name of the first frame.",
  },
  "davis/size": {
    status: 422,
    summary: "The annotations and the frames differ in size.",
    remedy: "Use frames and annotations of the same resolution.",
  },
  "davis/out": {
    status: 409,
    summary: "The masks would be written into the data set.",
    remedy: "Choose another folder for the results.",
  },
  "split/unreadable": { status: 404, summary: "The split file cannot be read.", remedy: "Check the path." },
  "split/empty": { status: 422, summary: "The split file names no sequence.", remedy: "Write one name per line." },
  "split/name": {
    status: 422,
    summary: "A line of the split file is not the name of one folder.",
    remedy: "Write one name per line, for example blackswan.",
  },
  "score/no-folder": { status: 404, summary: "There is no folder at this path.", remedy: "Check the path." },
  "score/no-sequences": {
    status: 422,
    summary: "The folder of predictions has no sequences in it.",
    remedy: "Name the folder that holds one folder for each sequence.",
  },
  "score/no-truth": {
    status: 404,
    summary: "A predicted sequence has no truth.",
    remedy: "Check the truth folder (for example Annotations/480p), or leave the sequence out.",
  },
  "score/too-short": {
    status: 422,
    summary: "Fewer than 3 frames are annotated; the first and the last are not scored.",
    remedy: "Leave the sequence out.",
  },
  "score/no-object": {
    status: 422,
    summary: "The first mask of the truth shows no object.",
    remedy: "Give the mask of every object in the first frame: 0 and 255, or ids from 1.",
  },
  "score/missing-frames": {
    status: 422,
    summary: "The prediction lacks masks of scored frames.",
    remedy: "Write a mask for every frame of the truth, under the same file name.",
  },
  "score/size": {
    status: 422,
    summary: "The predicted mask and the truth differ in size.",
    remedy: "Score against annotations of the same resolution, or resize the masks with nearest-neighbour.",
  },
  "score/label": {
    status: 422,
    summary: "The prediction has a label that the truth does not have.",
    remedy: "Use the object ids of the first frame's truth; 0 and 1 (or 255) if it is binary.",
  },
  "points/folders": {
    status: 400,
    summary: "One of prediction and truth is a file, the other a folder.",
    remedy: "Name two files or two folders.",
  },
  "points/missing": {
    status: 422,
    summary: "The prediction lacks a point in a frame of the truth.",
    remedy: "Check that both belong to one clip and use the same names.",
  },
  "points/no-truth": {
    status: 404,
    summary: "The folder of predictions has no point file, or one without truth.",
    remedy: "Give the files the same names as those of the truth.",
  },
  "points/no-annotation": {
    status: 404,
    summary: "The data set has no annotated joints for a sequence.",
    remedy: "Add SEQUENCE.json, or leave the sequence out.",
  },
  "points/no-frames": {
    status: 404,
    summary: "The data set has no frames of a sequence.",
    remedy: "Check the data folder.",
  },
  "points/frame": {
    status: 422,
    summary: "Joints are annotated in a frame that the clip does not have.",
    remedy: "Use the frames that were annotated, under their own names.",
  },
  "tapvid/mode": {
    status: 400,
    summary: "The query mode strided needs a track for each query, but the prediction has one track for each point.",
    remedy: "Give arrays (query_points, pred_tracks, …), or score in mode first.",
  },
  "tapvid/size": {
    status: 400,
    summary: "Point files do not state the size of the frames.",
    remedy: "Give the size of the clip, for example --size 854x480.",
  },
  "tapvid/arrays": {
    status: 422,
    summary: "The arrays of prediction and truth differ in points or frames.",
    remedy: "Score two files of the same clip and the same points.",
  },
  "mot/overlap": {
    status: 422,
    summary: "Masks were to be compared, but something has only a box.",
    remedy: "Compare boxes with --overlap box.",
  },
  "mot/order": {
    status: 422,
    summary: "The frames of tracks or truth are not in order.",
    remedy: "Name pictures by their number alone, each once.",
  },
  "mot/class": {
    status: 422,
    summary: "The truth has nothing of the class that is to be scored.",
    remedy: "Name a class of the truth with --class, or leave it out.",
  },
  "mot/sequence": {
    status: 404,
    summary: "Tracks or truth have no sequence of a name in the split.",
    remedy: "Check the split; each name needs a folder or a file in both.",
  },
  "joints/count": {
    status: 422,
    summary: "A frame has a different number of joints from the first one.",
    remedy: "Annotate every joint in every frame.",
  },
  "joints/convention": {
    status: 422,
    summary: "The joint file does not say whether coordinates are counted from 0 or from 1.",
    remedy: "State a convention that contains 1-based (JHMDB) or 0-based (BADJA).",
  },
  "ablate/jhmdb": {
    status: 400,
    summary: "--jhmdb-split was given without --jhmdb.",
    remedy: "Give the data folder too.",
  },
  "ablation/other": {
    status: 409,
    summary: "The folder holds an ablation run with other settings.",
    remedy: "Choose another --out folder, or remove this one.",
  },
  "calibrate/footage": {
    status: 422,
    summary: "There is too little footage to make clips with known truth.",
    remedy: "Name more videos, or a folder with more of them.",
  },
});

export const inspection = group("Inspection", {
  "inspect/short": {
    status: 422,
    summary: "The clip has one frame, so nothing moves in it.",
    remedy: "Use a clip of two frames or more.",
  },
  "inspect/every": {
    status: 400,
    summary: "The step leaves no frame to show.",
    remedy: "Choose a smaller step.",
  },
  "inspect/frames": {
    status: 400,
    summary: "--frames and --every both say which frames to show.",
    remedy: "Give one of them.",
  },
  "inspect/pixel": {
    status: 400,
    summary: "The pixel lies outside the frame.",
    remedy: "Give x,y within the frame; both are counted from 0.",
  },
});
