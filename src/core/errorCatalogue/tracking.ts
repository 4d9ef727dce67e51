/** @file Error codes of tracking and sessions. */
import { group } from "./group.ts";

export const tracking = group("Tracking and sessions", {
  "protocol/unknown": {
    status: 400,
    summary: "There is no protocol of this name.",
    remedy: "Use one of the names in the message.",
  },
  "protocol/invalid": {
    status: 400,
    summary: "An option of the protocol is out of range, or its memory has no frame to copy labels from.",
    remedy: "Correct the option that the message names.",
  },
  "mode/unknown": {
    status: 400,
    summary: "There is no mode of this name.",
    remedy: "Use one of the names in the message.",
  },
  "mode/invalid": {
    status: 400,
    summary: "A value of the mode is missing, unknown or out of range.",
    remedy: "Start from one of the modes, for example {...modes.fast, recentFrames: 5}.",
  },
  "mode/points": {
    status: 400,
    summary: "Point benchmarks cannot run in mode live.",
    remedy: "Use mode exact or fast.",
  },
  "arrivals/unknown": {
    status: 400,
    summary: "What comes in is neither like something that is labelled nor what moves.",
    remedy: "Use like:NAME, like:any or moving.",
  },
  "arrivals/name": {
    status: 400,
    summary: "Things that come in should look like an object that nothing is labelled as.",
    remedy: "Use the name of a labelled object, its id, or like:any.",
  },
  "arrivals/example": {
    status: 422,
    summary: "The labelled frame has no example, or one of too few cells, of the things that come in.",
    remedy: "Label a whole thing, or track at a larger size.",
  },
  "arrivals/one-frame": {
    status: 400,
    summary: "Things that come in are tracked forward, from the labels of one frame.",
    remedy: "Give the labels of one frame and no direction.",
  },
  "track/live": {
    status: 400,
    summary: "The options or labels cannot be used with a live source.",
    remedy: "Give a mask or boxes of the first frame, or record the source first.",
  },
  "track/used": {
    status: 409,
    summary:
      "A live source is to be tracked into a folder that holds results already, or a clip into the folder of a live source; a stream cannot be resumed.",
    remedy: "Name another folder for the results, or remove this one.",
  },
  "track/labels-frame": {
    status: 400,
    summary: "A picture of the labelled frame was given for a complete clip.",
    remedy: "For a clip, say which frame the labels belong to: --labels FILE@FRAME.",
  },
  "snapshot/exists": {
    status: 409,
    summary: "The file of the snapshot is there already.",
    remedy: "Name another file, or say --overwrite.",
  },
  "snapshot/format": {
    status: 400,
    summary: "The file of the snapshot is to have another kind of name than a PNG picture.",
    remedy: "Choose a name that ends in .png.",
  },
  "snapshot/frame": {
    status: 400,
    summary: "The source has no frame of this index or time, or both were given.",
    remedy: "Choose one that the message names; frames are counted from 0.",
  },
  "track/out": {
    status: 409,
    summary: "The folder of the results is the clip itself: the folder of its frames, or its file.",
    remedy: "Name another folder for the results.",
  },
  "track/direct": {
    status: 400,
    summary: "The method direct was combined with options that it does not support.",
    remedy: "Leave those options or --method out.",
  },
  "review/missing": {
    status: 404,
    summary: "The folder holds no results that can be reviewed.",
    remedy: "Name the folder that tsumugi track wrote its results into.",
  },
  "review/unfinished": {
    status: 409,
    summary: "Tracking was stopped before the tables of the folder were written.",
    remedy: "Run the same track command again; it resumes.",
  },
  "review/results": {
    status: 422,
    summary: "The tables of the folder are damaged, or were written by another version.",
    remedy: "Run the same track command again: it writes the tables anew from what is tracked.",
  },
  "tracking/options": {
    status: 400,
    summary: "An option of the tracker is missing, unknown or out of range.",
    remedy: "Correct the option that the message names.",
  },
  "tracking/start": {
    status: 400,
    summary: "Tracking cannot start in this frame.",
    remedy: "Give the index of the labelled frame; frames are counted from 0.",
  },
  "tracking/range": {
    status: 400,
    summary: "The range to track is empty or goes beyond the clip.",
    remedy: "Give A:B with 0 <= A < B <= the number of frames; frame B is not included.",
  },
  "tracking/correct": {
    status: 409,
    summary: "A known mask can only be put in place of the latest frame's, and not of the labelled one's.",
    remedy: "Call correct() of a frame before the next one is asked for.",
  },
  "tracking/frame-size": {
    status: 422,
    summary: "A frame differs in size from the first one.",
    remedy: "Resize all frames to one size.",
  },
  "tracking/memory": {
    status: 413,
    summary: "The memory frames of the protocol do not fit into memory at this size.",
    remedy: "Keep fewer memory frames, or encode smaller frames.",
  },
  "motion/memory": {
    status: 413,
    summary: "Optical flow does not fit into memory at this size.",
    remedy: "Use smaller pictures.",
  },
  "session/none": {
    status: 404,
    summary: "The folder holds no session to resume.",
    remedy: "Label a frame and track first, or name the folder of a session.",
  },
  "session/busy": {
    status: 409,
    summary: "The session is being tracked.",
    remedy: "Stop it with its signal, or wait until it is done.",
  },
  "clicks/outside": {
    status: 400,
    summary: "A click lies outside the frame.",
    remedy: "Give x and y in pixels of the frame, from 0 to below its width and height.",
  },
  "session/video": {
    status: 409,
    summary: "The folder holds results of another video, or the video has changed.",
    remedy: "Give the same video, or another folder for the results.",
  },
  "session/settings": {
    status: 409,
    summary: "The folder holds results that were made with other settings.",
    remedy: "Use the same settings or another folder, or remove this one to start again.",
  },
});
