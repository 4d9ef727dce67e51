/**
 * @file Every error code that a user can meet: what it means, what to do, and the HTTP status of an answer that reports it.
 * `new UserError(code, …)` takes only these codes, and docs/errors.md is made from this table (`npm run docs:errors`).
 * The texts here describe a code in general; a `UserError` adds what was wrong in this one case.
 */

/** The statuses in use, by RFC 9110 and RFC 4918 (422, 423, 507). */
export type HttpStatus = 400 | 404 | 409 | 413 | 415 | 422 | 423 | 500 | 501 | 507;

/** The words for one code in one language. */
export interface ErrorText {
  /** What the code means, one sentence. */
  readonly summary: string;
  /** What the user can do, one sentence. */
  readonly remedy: string;
}

/** One code: its texts in English, its status, and the group that it stands in. */
export interface ErrorEntry extends ErrorText {
  readonly status: HttpStatus;
  readonly area: string;
}

type Entries<Code extends string> = Readonly<Record<Code, Omit<ErrorEntry, "area">>>;

/** A group of codes; `area` is its heading in docs/errors.md. */
function group<Code extends string>(area: string, entries: Entries<Code>): Readonly<Record<Code, ErrorEntry>> {
  const grouped = Object.entries<Omit<ErrorEntry, "area">>(entries).map(([code, entry]) => [code, { ...entry, area }]);
  return Object.fromEntries(grouped) as Record<Code, ErrorEntry>;
}

const files = group("Files", {
  "file/missing": { status: 404, summary: "There is no file at this path.", remedy: "Check the path." },
  "file/unreadable": {
    status: 422,
    summary: "The file exists but cannot be read.",
    remedy: "Check its permissions, and that it is a file and not a folder.",
  },
  "file/write": {
    status: 500,
    summary: "A file cannot be written: the disk is full, or the folder does not permit it.",
    remedy: "Free some space, fix the folder's permissions or choose another folder, then run the same command again.",
  },
  "disk/full": {
    status: 507,
    summary: "The disk has too little room for the results; nothing was tracked.",
    remedy: "Free some space, choose another folder, or track a shorter range.",
  },
  "lock/busy": {
    status: 423,
    summary: "Another process is working in this folder.",
    remedy:
      "Wait until it is done, stop it, or use another folder; the message names the lock to delete if it was left over.",
  },
  "csv/invalid": {
    status: 422,
    summary: "A CSV file lacks a column, or a line of it has a value that does not fit its column.",
    remedy: "Correct the line or column that the message names.",
  },
  "json/invalid": {
    status: 422,
    summary: "A JSON file cannot be parsed, or its contents do not have the expected form.",
    remedy: "Correct the place that the message names.",
  },
});

const video = group("Video and images", {
  "video/missing": { status: 404, summary: "There is no video or folder at this path.", remedy: "Check the path." },
  "video/empty": {
    status: 422,
    summary: "The video file has 0 bytes.",
    remedy: "Copy or download it again.",
  },
  "video/unreadable": {
    status: 422,
    summary: "The video is damaged, or this FFmpeg cannot decode its codec.",
    remedy: "Check that it plays, or convert it to H.264.",
  },
  "video/no-video": {
    status: 422,
    summary: "The file has no video stream, only sound or other data.",
    remedy: "Name a video file.",
  },
  "video/no-frames": {
    status: 422,
    summary: "The video has no frame that can be decoded.",
    remedy: "Check that the file is complete, for example by playing it.",
  },
  "video/no-images": {
    status: 422,
    summary: "The folder has no images directly in it.",
    remedy: "Name the folder that holds the frames (.jpg, .jpeg, .png or .webp), or a video file.",
  },
  "video/frame-index": {
    status: 400,
    summary: "A frame or range of frames lies outside the clip.",
    remedy: "Give indices within the range in the message; frames are counted from 0.",
  },
  "video/changed": {
    status: 409,
    summary: "The video file changed while it was being read.",
    remedy: "Open it again once it is complete.",
  },
  "video/closed": {
    status: 409,
    summary: "The frame source was closed while its frames were still being read.",
    remedy: "Dispose of a source only after its last iteration has ended.",
  },
  "video/live": {
    status: 422,
    summary: "A live source cannot be opened, or gave no frame.",
    remedy:
      "Check the address, and that the stream is in a container that can be read as it arrives (mpegts, matroska).",
  },
  "video/no-backend": {
    status: 501,
    summary: "Neither node-av nor the programs ffmpeg and ffprobe are installed.",
    remedy: "Install node-av (npm install node-av) or FFmpeg, or give a folder of images.",
  },
  "video/no-encoder": {
    status: 501,
    summary: "This build of node-av has no encoder for the video format.",
    remedy: "Write another format, or install a complete build.",
  },
  "video/format": {
    status: 415,
    summary: "The extension of the output is not one that can be written.",
    remedy: "Use one of the extensions in the message.",
  },
  "video/output-folder": {
    status: 409,
    summary: "The output folder would be replaced, but it holds other things.",
    remedy: "Move them elsewhere, or choose another output name.",
  },
  "image/unreadable": {
    status: 422,
    summary: "An image of the clip cannot be decoded.",
    remedy: "Replace the file or remove it.",
  },
  "image/size": {
    status: 422,
    summary: "The images of a clip differ in size.",
    remedy: "Resize the image that the message names, or move it elsewhere.",
  },
  "image/name": {
    status: 422,
    summary: "Two images differ only in their extension, so their results would share a name.",
    remedy: "Move one of them elsewhere.",
  },
});

const masks = group("Masks", {
  "mask/missing": { status: 404, summary: "There is no mask at this path.", remedy: "Check the path." },
  "mask/unreadable": {
    status: 422,
    summary: "The mask cannot be read as a PNG.",
    remedy: "Save it again as a palette or grey PNG of 8 bits.",
  },
  "mask/depth": {
    status: 422,
    summary: "The mask has 16 bits a sample.",
    remedy: "Save it as a palette PNG of 8 bits.",
  },
  "mask/colour": {
    status: 422,
    summary: "The mask is an RGB picture with colours that are not in the DAVIS palette.",
    remedy: "Save it as an indexed (palette) PNG without antialiasing, with object ids as pixel values.",
  },
});

const labels = group("Labels, boxes and points", {
  "labels/size": {
    status: 422,
    summary: "The mask and the video differ in size.",
    remedy: "Resize the mask with nearest-neighbour to the video's size, or give the mask that belongs to this video.",
  },
  "labels/empty": {
    status: 422,
    summary: "The mask shows no object, only background or void.",
    remedy: "Label the object in the frame that tracking starts from, or choose another frame with --start.",
  },
  "labels/none": {
    status: 400,
    summary: "The labels of a frame name no object, box, point or end.",
    remedy: "Give at least one of them.",
  },
  "labels/frame": {
    status: 400,
    summary: "The labels belong to a frame that the clip does not have.",
    remedy: "Give an index within the clip; frames are counted from 0.",
  },
  "labels/object": {
    status: 400,
    summary: "An object id is out of range, or is in the mask but not among the objects named for it.",
    remedy: "Use whole numbers from 1 to 254, and name every object that the mask has.",
  },
  "labels/twice": {
    status: 409,
    summary: "An object or point is labelled twice in one frame.",
    remedy: "Leave one of them out, give it an id of its own, or correct the frame instead of adding to it.",
  },
  "labels/start": {
    status: 422,
    summary: "The file has no visible point and no box in the frame to start from.",
    remedy: "Choose a labelled frame with --start; frames are counted from 0.",
  },
  "labels/missing": {
    status: 409,
    summary: "No frame of the range to track is labelled.",
    remedy: "Label a frame of the range, or choose another range.",
  },
  "boxes/many": {
    status: 422,
    summary: "There are more boxes or objects than ids (254).",
    remedy: "Track the clip in several runs.",
  },
  "boxes/outside": {
    status: 422,
    summary: "A box covers no pixel of the frame.",
    remedy: "Give positions in pixels of this video.",
  },
  "boxes/hidden": {
    status: 422,
    summary: "Later boxes cover a box completely.",
    remedy: "List the covered box last.",
  },
  "points/format": {
    status: 415,
    summary: "The extension does not say how the points are stored.",
    remedy: "Use a .csv or .json file.",
  },
  "points/empty": { status: 422, summary: "The file has no point and no box.", remedy: "Add at least one." },
  "points/twice": {
    status: 422,
    summary: "Two points or boxes of a frame share a name.",
    remedy: "Give each a name of its own.",
  },
  "points/value": {
    status: 422,
    summary: "The visibility of a point is not one of the accepted words.",
    remedy: "Write 1 or 0, true or false.",
  },
  "points/none": {
    status: 400,
    summary: "No point is visible in the frame to start from.",
    remedy: "Start from a frame in which a point is visible.",
  },
  "points/outside": {
    status: 422,
    summary: "A point lies outside the frame.",
    remedy: "Give positions in pixels of this video; scale them if they belong to another size.",
  },
});

const tracking = group("Tracking and sessions", {
  "protocol/unknown": {
    status: 400,
    summary: "There is no protocol of this name.",
    remedy: "Use one of the names in the message.",
  },
  "protocol/invalid": {
    status: 400,
    summary: "A choice of the protocol is out of range, or its memory has no frame to copy labels from.",
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
    summary: "Benchmarks of points cannot run in mode live.",
    remedy: "Use mode exact or fast.",
  },
  "track/live": {
    status: 400,
    summary: "The options or labels cannot be used with a live source.",
    remedy: "Give a mask or boxes of the first frame, or record the source first.",
  },
  "track/direct": {
    status: 400,
    summary: "The method direct was combined with options that it does not support.",
    remedy: "Leave those options or --method out.",
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
  "tracking/frame-size": {
    status: 422,
    summary: "A frame differs in size from the first one.",
    remedy: "Bring all frames to one size.",
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

const weights = group("Encoders and weights", {
  "encoder/variant": {
    status: 400,
    summary: "There is no encoder variant of this name.",
    remedy: "Use one of the names in the message.",
  },
  "weights/missing": {
    status: 404,
    summary: "The weights cannot be opened, or lack a parameter of the encoder.",
    remedy: "Check the path, or choose weights of this variant.",
  },
  "weights/unreadable": {
    status: 422,
    summary: "The file of the weights is missing or cannot be read.",
    remedy: "Check the path and its permissions.",
  },
  "weights/format": {
    status: 415,
    summary: "The file holds no weights in a known format.",
    remedy: "Give a safetensors file or a PyTorch checkpoint (.pth, .pt); run git lfs pull if it is a Git LFS pointer.",
  },
  "weights/safetensors": {
    status: 422,
    summary: "The file breaks a rule of the safetensors format.",
    remedy: "Download or write it again.",
  },
  "weights/torch": {
    status: 422,
    summary: "The PyTorch checkpoint is damaged or holds no state dict.",
    remedy: 'Save it again in PyTorch: torch.save(model.state_dict(), "weights.pth").',
  },
  "weights/torch-pickle": {
    status: 422,
    summary: "The PyTorch checkpoint holds Python objects other than plain data, and none of it was executed.",
    remedy: 'If you trust the file, save only its weights in PyTorch: torch.save(model.state_dict(), "weights.pth").',
  },
  "weights/ambiguous": {
    status: 422,
    summary: "Two tensors of the checkpoint have the same name once their prefixes are removed.",
    remedy: "Save only the state dict of the encoder that you want.",
  },
  "weights/variant": {
    status: 422,
    summary: "The weights fit no encoder variant.",
    remedy: "Name the variant with --variant to see what differs.",
  },
  "weights/mismatch": {
    status: 422,
    summary: "The weights belong to another encoder variant, or their shapes do not fit.",
    remedy: "Choose the variant that the weights were made for, or other weights.",
  },
  "weights/values": {
    status: 422,
    summary: "The weights hold NaN, infinite or integer values.",
    remedy: "Take an earlier checkpoint, or train again with a smaller learning rate.",
  },
  "weights/float16-range": {
    status: 422,
    summary: "A value is too large for float16.",
    remedy: "Write the weights as F32.",
  },
});

const training = group("Training", {
  "train/footage": {
    status: 400,
    summary: "No footage was given to learn from.",
    remedy: "Name videos, image folders, or folders of both.",
  },
  "train/out": {
    status: 400,
    summary: "No run folder was given.",
    remedy: "Give --out DIR for a new run, or --resume DIR.",
  },
  "train/resume": {
    status: 400,
    summary: "Footage or settings were given with --resume, which keeps those of the run.",
    remedy: "Leave them out, or start a new run with --out.",
  },
  "train/score": {
    status: 400,
    summary: "Only one of --score-data and --score-split was given.",
    remedy: "Give both or neither.",
  },
  "train/config": {
    status: 422,
    summary: "The configuration file cannot be read as a JSON object.",
    remedy: "Check the path and the file.",
  },
  "train/set": {
    status: 400,
    summary: "A --set option is not of the form key=value, or names a key within a plain value.",
    remedy: "Write for example --set crop.kind=squash.",
  },
  "training/config": {
    status: 400,
    summary: "The training configuration has unknown keys or values out of range.",
    remedy: "Correct the keys that the message lists.",
  },
  "training/no-clips": {
    status: 404,
    summary: "The footage has no clip that can be read.",
    remedy: "Name video files or folders of images; warnings say why a clip was left out.",
  },
  "training/short-clips": {
    status: 422,
    summary: "Every clip is shorter than the gaps between training frames.",
    remedy: "Add longer clips or choose smaller gaps.",
  },
  "training/cache": {
    status: 409,
    summary: "A file of decoded footage disappeared or was damaged during the run.",
    remedy: "Resume the run with --resume, which decodes what is missing, and leave the cache alone meanwhile.",
  },
  "training/checkpoint": {
    status: 422,
    summary: "The checkpoint of the run cannot be resumed from.",
    remedy: "Start the run again without --resume.",
  },
  "training/diverged": {
    status: 422,
    summary: "The loss became infinite, or stayed far above its usual value.",
    remedy: "Start again with a smaller learning rate; the checkpoint holds the state before.",
  },
  "training/no-run": {
    status: 404,
    summary: "The folder holds no run to resume.",
    remedy: "Start one without --resume.",
  },
  "training/run-exists": {
    status: 409,
    summary: "The folder already holds a run.",
    remedy: "Resume it with --resume, or choose another folder.",
  },
});

const evaluation = group("Evaluation", {
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
  "split/empty": { status: 422, summary: "The split file names no sequence.", remedy: "Write one name a line." },
  "split/name": {
    status: 422,
    summary: "A line of the split file is not the name of one folder.",
    remedy: "Write one name a line, for example blackswan.",
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
    summary: "The folder of predictions has no file of points, or one without truth.",
    remedy: "Name the files as those of the truth.",
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
    summary: "The query mode strided needs a track of each query, but the prediction has one track of each point.",
    remedy: "Give arrays (query_points, pred_tracks, …), or score in mode first.",
  },
  "tapvid/size": {
    status: 400,
    summary: "Files of points do not say how large the frames are.",
    remedy: "Give the size of the clip, for example --size 854x480.",
  },
  "tapvid/arrays": {
    status: 422,
    summary: "The arrays of prediction and truth differ in points or frames.",
    remedy: "Score two files of the same clip and the same points.",
  },
  "joints/count": {
    status: 422,
    summary: "A frame has another number of joints than the first one.",
    remedy: "Annotate every joint in every frame.",
  },
  "joints/convention": {
    status: 422,
    summary: "The file of joints does not say whether coordinates are counted from 0 or from 1.",
    remedy: "Name a convention with the word 1-based (JHMDB) or 0-based (BADJA).",
  },
  "ablate/footage": {
    status: 400,
    summary: "No footage was given to learn from.",
    remedy: "Name videos, image folders, or folders of both.",
  },
  "ablate/jhmdb": {
    status: 400,
    summary: "--jhmdb-split was given without --jhmdb.",
    remedy: "Name the folder of the data too.",
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

const inspection = group("Inspection", {
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

const rendering = group("Rendered clips", {
  "synthetic/options": {
    status: 400,
    summary: "A size or count of the rendered clip is out of range.",
    remedy: "Give whole numbers in the range that the message names.",
  },
});

const tensors = group("Tensor library", {
  "tensor/shape": {
    status: 400,
    summary: "An operand has the wrong shape.",
    remedy: "Give the shape that the message expects.",
  },
  "tensor/argument": {
    status: 400,
    summary: "An option of an operation is out of range.",
    remedy: "Give a value in the range that the message names.",
  },
  "tensor/type": {
    status: 400,
    summary: "An operand has the wrong element type.",
    remedy: "Give the type that the message expects.",
  },
  "tensor/input": {
    status: 400,
    summary: "Two inputs of a program have the same name.",
    remedy: "Give each input a name of its own.",
  },
  "tensor/feed": {
    status: 400,
    summary: "An input of run() is missing, or its length or type does not fit.",
    remedy: "Feed every input with an array of its shape and type.",
  },
  "tensor/gradient": {
    status: 400,
    summary: "The loss is not a scalar, or an operation on the way to it has no gradient.",
    remedy: "Reduce the loss to one element, and use operations that can be differentiated.",
  },
  "tensor/device": {
    status: 501,
    summary: "The device webgpu cannot be used on this machine.",
    remedy: "Install the GPU's driver, or leave out --device webgpu to run on the CPU.",
  },
  "tensor/profile": {
    status: 400,
    summary: "No profile was recorded.",
    remedy: "Compile with { profile: true }, run, and ask for the profile once.",
  },
});

/** All codes, in the order of docs/errors.md. */
export const errorCatalogue = {
  ...files,
  ...video,
  ...masks,
  ...labels,
  ...tracking,
  ...weights,
  ...training,
  ...evaluation,
  ...inspection,
  ...rendering,
  ...tensors,
} as const;

/** A code that exists: short, stable and machine-readable, for example `video/unreadable`. */
export type ErrorCode = keyof typeof errorCatalogue;

/** The texts of one language, looked up by a `UserError`'s code when it is shown; `errorCatalogue` itself is the English one. */
export type ErrorTexts = Readonly<Record<ErrorCode, ErrorText>>;
