/** @file Error codes of weights and training. */
import { group } from "./group.ts";

export const weights = group("Encoders and weights", {
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
    summary: "The weights file is missing or cannot be read.",
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
  "weights/notes": {
    status: 422,
    summary: "The file's record of how its weights were learned has an invalid value.",
    remedy: "Correct the entry in the file's metadata, or remove it to use the default.",
  },
  "weights/values": {
    status: 422,
    summary: "The weights hold NaN, infinite or integer values.",
    remedy: "Use an earlier checkpoint, or train again with a smaller learning rate.",
  },
  "weights/float16-range": {
    status: 422,
    summary: "A value is too large for float16.",
    remedy: "Write the weights as F32.",
  },
});

export const training = group("Training", {
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
    summary: "Only one of --score-data and --score-split was given, or --score-on beside them.",
    remedy: "Give both of them, or --score-on, or none.",
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
  "training/init": {
    status: 400,
    summary: "The default weights, which training starts from, do not fit the encoder that was chosen.",
    remedy: "Say --init none to start from random weights, or --init FILE with weights of this variant.",
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
    remedy: "Start again with a smaller learning rate; the checkpoint holds the state from before.",
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
