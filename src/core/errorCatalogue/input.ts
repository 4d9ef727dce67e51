/** @file Error codes of files, videos, masks and labels. */
import { group } from "./group.ts";

export const files = group("Files", {
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
  "text/encoding": {
    status: 422,
    summary: "The text of a file is in no encoding that can be told, or not in the one that was named.",
    remedy: "Save the file as UTF-8, or name its encoding with --encoding.",
  },
  "csv/invalid": {
    status: 422,
    summary: "A CSV file lacks a column, or a line of it has a value that does not fit its column.",
    remedy: "Correct the line or column that the message names.",
  },
  "xml/invalid": {
    status: 422,
    summary: "An XML file cannot be parsed, or its contents do not have the expected form.",
    remedy: "Correct the place that the message names; declarations of document types and entities are not accepted.",
  },
  "json/invalid": {
    status: 422,
    summary: "A JSON file cannot be parsed, or its contents do not have the expected form.",
    remedy: "Correct the place that the message names.",
  },
});

export const video = group("Video and images", {
  "video/missing": { status: 404, summary: "There is no video or folder at this path.", remedy: "Check the path." },
  "video/empty": {
    status: 422,
    summary: "The video file has 0 bytes.",
    remedy: "Copy or download it again.",
  },
  "video/unreadable": {
    status: 422,
    summary: "The video is damaged, is a pipe or a device, or this FFmpeg cannot decode its codec.",
    remedy: "Check that it is a file that plays, or convert it to H.264.",
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
  "sound/missing": {
    status: 422,
    summary: "The file has no sound.",
    remedy: "Record with the microphone on, or name the file that has the sound.",
  },
  "video/live": {
    status: 422,
    summary: "A live source cannot be opened, or gave no frame.",
    remedy:
      "Check the address, and that the stream is in a container that can be read as it arrives (mpegts, matroska).",
  },
  "video/not-video": {
    status: 422,
    summary: "What comes through the pipe is no video, but text, one picture, an archive, sound, or nothing.",
    remedy: "Pipe a video in a container that can be read as it arrives (mpegts, matroska); name files by their path.",
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
    summary: "The extension of the output is not that of a supported format.",
    remedy: "Use one of the extensions in the message.",
  },
  "video/output-folder": {
    status: 409,
    summary: "The output folder would be replaced, but it holds other files.",
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

export const depths = group("Depth", {
  "depth/missing": { status: 404, summary: "The folder of depth cannot be opened.", remedy: "Check the path." },
  "depth/frames": {
    status: 422,
    summary: "There is not one file of depth for every frame.",
    remedy: "Write depth of every frame, named as the frames are or in their order.",
  },
  "depth/size": {
    status: 422,
    summary: "The depth has another size than the frames.",
    remedy: "Register the depth to the camera of the video, at its size.",
  },
  "depth/unreadable": {
    status: 422,
    summary: "A file of depth cannot be read.",
    remedy: "Write 16-bit grey PNG, or NumPy arrays of height x width.",
  },
  "depth/unused": {
    status: 422,
    summary: "Depth was given where nothing goes by it.",
    remedy: "Track masks or boxes with target models, or leave the depth out.",
  },
});

export const masks = group("Masks", {
  "mask/missing": { status: 404, summary: "There is no mask at this path.", remedy: "Check the path." },
  "mask/unreadable": {
    status: 422,
    summary: "The mask cannot be read as a PNG.",
    remedy: "Save it again as an 8-bit palette or greyscale PNG.",
  },
  "mask/depth": {
    status: 422,
    summary: "The mask has 16 bits per sample.",
    remedy: "Save it as an 8-bit palette PNG.",
  },
  "mask/soft": {
    status: 422,
    summary: "A mask has values that form no areas: it is blurred, dithered or a photo.",
    remedy: "Save it as an indexed (palette) PNG without antialiasing or dithering.",
  },
  "mask/colour": {
    status: 422,
    summary: "The mask is an RGB picture with colours that are not in the DAVIS palette.",
    remedy: "Save it as an indexed (palette) PNG without antialiasing, with object ids as pixel values.",
  },
});

export const labels = group("Labels, boxes and points", {
  "labels/size": {
    status: 422,
    summary: "The labels and the video differ in size.",
    remedy: "Give the labels that belong to this video, or scale them to its size (masks with nearest-neighbour).",
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
  "labels/end": {
    status: 400,
    summary: "An object or a point is to end that no frame labels.",
    remedy: "Check the id or the name; the message lists those that are labelled.",
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
  "labels/picture": {
    status: 422,
    summary: "The labels name pictures that the clip does not have.",
    remedy: "Give the folder of the pictures that were labelled, or say which frame it is with --labels FILE@FRAME.",
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
    summary: "Later boxes completely cover an earlier one.",
    remedy: "List the covered box last.",
  },
  "labels/relative": {
    status: 422,
    summary: "The labels are shares of the frame's size, and nothing says what that size is.",
    remedy: "Name the clip with --video, or give its size.",
  },
  "format/limit": {
    status: 413,
    summary: "A file of labels claims a picture, a frame or a number of shapes that is larger than any that is real.",
    remedy: "Check the value that the message names; the file is damaged, or not what it seems.",
  },
  "format/value": {
    status: 422,
    summary: "A value in a file of labels contradicts its format.",
    remedy: "Correct the place that the message names, or export the labels again.",
  },
  "format/name": {
    status: 422,
    summary: "A name in a file of labels cannot be the name of a file.",
    remedy: "Rename it, without slashes and control characters.",
  },
  "format/pickle": {
    status: 422,
    summary:
      "A pickle is damaged, or holds something other than plain data and numpy's arrays; nothing in it was executed.",
    remedy: "Save only lists, dicts, numbers, text and arrays; or give an .npz.",
  },
  "format/npz": {
    status: 422,
    summary: "An .npz is damaged, or its arrays are not as they should be.",
    remedy: "Write it again; the message names the array.",
  },
  "format/parquet": {
    status: 422,
    summary: "A Parquet file is damaged, is compressed in a way that is not read, or lacks a column.",
    remedy: "Write it again with the columns of the message, compressed by Snappy or not at all.",
  },
  "format/hdf5": {
    status: 422,
    summary: "An HDF5 file is damaged, or is not laid out as its tool does.",
    remedy: "Export it again, or give the tool's CSV.",
  },
  "format/packages": {
    status: 501,
    summary: "A package that only some formats of labels need is not installed.",
    remedy: "Install it with the command of the message.",
  },
  "format/zip": {
    status: 422,
    summary: "A ZIP is damaged, is encrypted, or names files outside its own folder.",
    remedy: "Make it again, without password, of one folder or file of labels.",
  },
  "annotations/format": {
    status: 415,
    summary: "The file or folder is in no known annotation format.",
    remedy: "Give a folder of masks, or a file with one of the extensions in the message.",
  },
  "annotations/sequence": {
    status: 400,
    summary: "The file or folder holds the labels of several clips, or not those of the clip that was named.",
    remedy: "Choose one of the clips in the message with --sequence.",
  },
  "annotations/tool": {
    status: 415,
    summary: "The file is another tool's, in a form that is not read.",
    remedy: "Export what the message names.",
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
    summary: "A point or box has no position or size, or a visibility that is not one of the accepted words.",
    remedy: "Correct what the message names; visibility is 1 or 0, true or false.",
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
