/**
 * @file Uploads that may break off and go on: bytes are appended to a file, whose size says how many have arrived. A complete one
 * is renamed into the folder of uploads and is a clip like any other.
 */
import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { createWriteStream } from "node:fs";
import { appendFile, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Readable } from "node:stream";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { isThere, makeFolders, writeError, writeFileAtomic } from "../../core/files.ts";
import { readJson } from "../../formats/json.ts";
import { requireDisk } from "../../tracking/session/diskUse.ts";
import { isVideoPath } from "../../training/clipCache.ts";
import { newId } from "../ids.ts";

const uploadSchema = z.object({ id: z.string(), name: z.string(), length: z.int(), created: z.number() });
type UploadFile = z.output<typeof uploadSchema>;

/** An upload, as far as it is. */
export interface Upload extends UploadFile {
  /** Bytes that have arrived. */
  readonly offset: number;
  /** Path of the clip once all have. */
  readonly clip: string | undefined;
}

/** Checksums of single requests, by the names that tus has for them. */
export const CHECKSUMS = ["sha256", "sha1", "md5"] as const;
export interface Checksum {
  readonly algorithm: (typeof CHECKSUMS)[number];
  /** Base64. */
  readonly value: string;
}

/** A request with a checksum is held in memory until that is known to be right, bytes. */
export const MOST_CHECKED = 64 * 1024 ** 2;
/** Uploads that nobody went on with are forgotten after so long, ms. */
const FORGOTTEN = 7 * 24 * 3600 * 1000;

/** Uploads of one service. */
export class UploadStore {
  private readonly incoming: string;
  private readonly uploads: string;
  private readonly most: number;
  /** Requests that are writing now; one that comes later ends those before it, which may hang on a dead line. */
  private readonly writing = new Map<string, Writing>();

  /** @param uploads folder of complete ones. @param most bytes of one. */
  constructor(data: string, uploads: string, most: number) {
    this.incoming = join(data, "incoming");
    this.uploads = uploads;
    this.most = most;
  }

  /** @throws UserError `service/size`, `service/media`, `disk/full`, `file/write` */
  async create(name: string, length: number): Promise<Upload> {
    if (length > this.most)
      throw new UserError("service/size", {
        what: "the file is too large",
        got: `${length} bytes`,
        expected: `at most ${this.most}`,
      });
    const safe = safeName(name);
    if (!isVideoPath(safe))
      throw new UserError("service/media", {
        what: `${safe} is no video file by its name`,
        expected: "a name such as clip.mp4",
      });
    await makeFolders(this.incoming);
    await this.forgetOld();
    await requireDisk(this.incoming, length);
    const file: UploadFile = { id: newId(), name: safe, length, created: Date.now() };
    await writeFileAtomic(this.part(file.id), "");
    await writeFileAtomic(this.description(file.id), `${JSON.stringify(file)}\n`);
    return { ...file, offset: 0, clip: undefined };
  }

  /**
   * How far an upload is; whoever asks is going to send the rest, so requests before that are ended.
   * @throws UserError `service/missing`, `file/write`
   */
  async state(id: string): Promise<Upload> {
    await this.endOthers(id);
    return this.upload(id);
  }

  private async upload(id: string): Promise<Upload> {
    if (!(await isThere(this.description(id)))) throw missing(id);
    const file = await readJson(this.description(id), uploadSchema, "upload");
    const clip = join(this.uploads, id, file.name);
    const part = await stat(this.part(id)).catch(() => undefined);
    // Also one whose last bytes came just before the service was killed.
    if (part?.size === file.length) await this.complete(id, clip);
    if (await isThere(clip)) return { ...file, offset: file.length, clip };
    if (part !== undefined) return { ...file, offset: part.size, clip: undefined };
    throw missing(id);
  }

  /**
   * Takes bytes from an offset on. What has arrived stays when the line breaks, unless it has a checksum: then all of it or
   * nothing.
   * @throws UserError `upload/offset`, `upload/checksum`, `service/size`, `service/missing`, `file/write`
   */
  async append(id: string, offset: number, bytes: Readable, checksum?: Checksum): Promise<Upload> {
    await this.endOthers(id);
    const ended = new EventEmitter();
    this.writing.set(id, { bytes, ended: once(ended, "end") });
    try {
      const upload = await this.upload(id);
      if (upload.clip !== undefined || upload.offset !== offset) throw wrongOffset(upload, offset);
      await (checksum === undefined ? this.stream(upload, bytes) : this.checked(upload, bytes, checksum));
      return await this.upload(id);
    } finally {
      this.writing.delete(id);
      ended.emit("end");
    }
  }

  /** Forgets an upload that is not complete. @throws UserError `service/missing` */
  async remove(id: string): Promise<void> {
    await this.upload(id);
    await this.endOthers(id);
    await rm(this.description(id), { force: true });
    await rm(this.part(id), { force: true });
  }

  /** Appends as it comes, to the length and no further. */
  private async stream({ id, length, offset }: Upload, bytes: Readable): Promise<void> {
    let left = length - offset;
    const limited = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of bytes as AsyncIterable<Buffer>) {
        left -= chunk.length;
        if (left < 0) throw tooLong(length);
        yield chunk;
      }
    };
    await pipeline(limited, createWriteStream(this.part(id), { flags: "a" })).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") throw writeError(this.part(id), error);
      // The line broke: what has arrived stays, and the sender asks how much that is.
    });
  }

  private async checked(
    { id, length, offset }: Upload,
    bytes: Readable,
    { algorithm, value }: Checksum,
  ): Promise<void> {
    const all = await collected(bytes, length - offset, length);
    const got = createHash(algorithm).update(all).digest("base64");
    if (got !== value)
      throw new UserError("upload/checksum", {
        what: "what arrived is not what was sent",
        got,
        expected: value,
        todo: "send it again",
      });
    await appendFile(this.part(id), all).catch((error: unknown) => {
      throw writeError(this.part(id), error);
    });
  }

  /** Moves an upload to where clips are. */
  private async complete(id: string, clip: string): Promise<void> {
    const file = await open(this.part(id), "r+");
    await file.sync().finally(() => file.close());
    await makeFolders(dirname(clip));
    await rename(this.part(id), clip);
  }

  private async endOthers(id: string): Promise<void> {
    const other = this.writing.get(id);
    other?.bytes.destroy();
    await other?.ended;
  }

  private async forgetOld(): Promise<void> {
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const info = await stat(path).catch(() => undefined);
      if (info !== undefined && Date.now() - info.mtimeMs > FORGOTTEN) await rm(path, { force: true });
    }
  }

  private part(id: string): string {
    return join(this.incoming, `${id}.bytes`);
  }

  private description(id: string): string {
    return join(this.incoming, `${id}.json`);
  }
}

interface Writing {
  readonly bytes: Readable;
  readonly ended: Promise<unknown>;
}

/** All bytes; a line that breaks gives those that came, which the checksum then tells. */
async function collected(bytes: Readable, most: number, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw tooLong(length);
      if (size > MOST_CHECKED) throw tooMuchAtOnce();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
  return Buffer.concat(chunks);
}

const tooMuchAtOnce = (): UserError =>
  new UserError("service/size", {
    what: "a request with a checksum is too large",
    expected: `at most ${MOST_CHECKED} bytes`,
  });

/** A plain name for a file: no folders, nothing hidden, nothing that a file system does not take. */
export function safeName(given: string): string {
  const last = given.split(/[/\\]/u).at(-1) ?? "";
  const plain = last
    .normalize("NFC")
    .replaceAll(/[\p{Cc}<>:"|?*]/gu, "_")
    .replace(/^\.+/u, "");
  const dot = plain.lastIndexOf(".");
  const [stem, extension] = dot < 0 ? [plain, ""] : [plain.slice(0, dot), plain.slice(dot).slice(0, 10)];
  return `${Array.from(stem).slice(0, 60).join("") || "clip"}${extension}`;
}

function wrongOffset({ offset }: Upload, got: number): UserError {
  return new UserError("upload/offset", {
    what: "the bytes do not begin where the upload stopped",
    got: `offset ${got}`,
    expected: String(offset),
    todo: "ask for the offset with HEAD",
  });
}

const missing = (id: string): UserError => new UserError("service/missing", { what: `there is no upload ${id}` });

const tooLong = (length: number): UserError =>
  new UserError("service/size", { what: "more bytes came than the upload has", expected: `${length} in all` });
