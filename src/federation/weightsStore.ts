/** @file Files of weights in a coordinator's folder, named by their SHA-256: what has a name never changes. */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "../core/files.ts";
import { type EncoderWeights, encoderWeightsOf } from "../method/encoderWeights.ts";
import { inMemory } from "../weights/bytes.ts";
import { safetensorsBytes } from "../weights/safetensors.ts";
import { parseSafetensors } from "../weights/safetensorsFormat.ts";

const ENDING = ".safetensors";

/** SHA-256 of bytes, hexadecimal. */
export function hashOfBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Weights as a file has them: 32-bit numbers, with notes that hold no path. */
export function bytesOfWeights({ values, metadata, variant }: EncoderWeights): Uint8Array {
  return safetensorsBytes(new Map(values), { metadata: { ...metadata, variant } });
}

/** See the file comment. */
export class WeightsStore {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @returns the name @throws UserError `file/write` */
  async add(bytes: Uint8Array): Promise<string> {
    const name = hashOfBytes(bytes);
    await writeFileAtomic(this.path(name), bytes);
    return name;
  }

  /** @throws UserError `federation/missing` where there is none, or it is not what its name says */
  async bytes(name: string): Promise<Uint8Array> {
    const bytes = await readFile(this.path(name)).catch(() => undefined);
    if (bytes !== undefined && hashOfBytes(bytes) === name) return bytes;
    throw new UserError("federation/missing", {
      what: `there are no weights ${name.slice(0, 12)}`,
      ...(bytes !== undefined && { got: "a file that was changed" }),
    });
  }

  /** @throws UserError `federation/missing`, and those of weights */
  async weights(name: string): Promise<EncoderWeights> {
    const source = `the weights ${name.slice(0, 12)}`;
    return encoderWeightsOf(await parseSafetensors(inMemory(source, await this.bytes(name))), source);
  }

  /** Removes all but these. */
  async keepOnly(names: ReadonlySet<string>): Promise<void> {
    for (const file of await readdir(this.folder).catch(() => []))
      if (!names.has(file.slice(0, -ENDING.length))) await rm(join(this.folder, file), { force: true });
  }

  private path(name: string): string {
    return join(this.folder, `${name}${ENDING}`);
  }
}
