/** @file Loads any weights file; the format is recognised by its contents. */
import { UserError } from "../core/errors.ts";
import { withFile } from "./fileBytes.ts";
import { readSafetensors } from "./safetensors.ts";
import { looksLikeSafetensors } from "./safetensorsFormat.ts";
import type { WeightFile } from "./tensors.ts";
import { looksLikeTorch, readTorchCheckpoint } from "./torchCheckpoint.ts";

/**
 * Reads safetensors or a PyTorch checkpoint, whatever the file is called. Names are unchanged: see `toEncoderNames`.
 * @throws UserError `weights/format` when it is neither; else those of `readSafetensors` and `readTorchCheckpoint`.
 */
export async function loadWeights(path: string): Promise<WeightFile> {
  const head = await withFile(path, (file) => file.read(0, Math.min(file.size, 64)));
  if (looksLikeTorch(head)) return { tensors: await readTorchCheckpoint(path), metadata: {} };
  if (looksLikeSafetensors(head)) return readSafetensors(path);
  throw unknownFormat(path, head);
}

function unknownFormat(path: string, head: Uint8Array): UserError {
  const text = new TextDecoder().decode(head).trimStart();
  const [got, todo] = text.startsWith("version https://git-lfs")
    ? ["a Git LFS pointer, not the file itself", "run `git lfs pull`"]
    : text.startsWith("<")
      ? ["a web page", "download the file itself, not the page around it"]
      : [head.length === 0 ? "an empty file" : "something else", "download or write it again"];
  return new UserError("weights/format", {
    what: `${path} holds no weights`,
    got,
    expected: "a safetensors file, or a PyTorch checkpoint (.pth, .pt)",
    todo,
  });
}
