/** @file The folder of a session: plain files, each written whole or not at all. docs/sessions.md describes them. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { FileLock } from "../../core/fileLock.ts";
import { readJson } from "../../formats/json.ts";
import { fingerprintSchema } from "../../video/fingerprint.ts";
import type { LabelMap } from "../../video/labelMap.ts";
import { readMaskPng, writeMaskPng } from "../../video/masks/maskPng.ts";
import type { ObjectVerdict } from "../confidence/objectJudge.ts";
import { withoutSignals } from "../objects.ts";
import { BOX_SHAPES } from "../masks/boxLabels.ts";
import type { TrackedPoint } from "../points/trackedPoint.ts";
import { digestOf, type KeyFrame } from "./keyFrame.ts";
import type { PassState } from "./pass.ts";
import type { PlannedKey } from "./plan.ts";
import { readCells, writeCells } from "./savedCells.ts";

const sessionSchema = z.object({
  format: z.literal(1),
  video: z.string(),
  width: z.int(),
  height: z.int(),
  frameCount: z.int(),
  /** Absent in sessions of earlier versions. */
  fingerprint: fingerprintSchema.optional(),
  /** What boxes became masks of, in the latest labels; absent in sessions of earlier versions: exact. */
  boxes: z.enum(BOX_SHAPES).optional(),
  /** All that results depend on beside the labels. */
  settings: z.record(z.string(), z.unknown()),
  /** Ids of objects that have names. */
  names: z.record(z.string(), z.int()),
});

/** `session.json`: which video, tracked how. */
export type SessionFile = z.infer<typeof sessionSchema>;

const pointSchema = z.object({ name: z.string(), x: z.number(), y: z.number() });
const keySchema = z.object({
  frame: z.int().min(0),
  objects: z.array(z.int()),
  ends: z.array(z.int()),
  points: z.array(pointSchema),
  endedPoints: z.array(z.string()),
  /** See `digestOf`. */
  digest: z.string(),
  /** Of the labels as they were given, if their boxes were refined: those of their rectangles. */
  given: z.string().exactOptional(),
});

/** What a pass found in the frame of the next key frame, before that frame's own labels are applied. */
export interface CarriedLabels {
  readonly mask: LabelMap;
  /** By object id. */
  readonly verdicts: ReadonlyMap<number, Pick<ObjectVerdict, "confidence" | "visible">>;
  readonly points: readonly TrackedPoint[];
}

const carriedSchema = z.object({
  objects: z.array(z.object({ id: z.int(), confidence: z.number(), visible: z.boolean() })),
  points: z.array(pointSchema.extend({ visible: z.boolean(), confidence: z.number() })),
});

const digits = (index: number): string => String(index).padStart(5, "0");

/** Paths, and reading and writing of everything but `frames.jsonl`. */
export class SessionFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** One process at a time changes the session. @throws UserError `lock/busy` */
  lock(): Promise<FileLock> {
    return FileLock.acquire(join(this.root, "session.lock"), this.root);
  }

  get journal(): string {
    return join(this.root, "frames.jsonl");
  }

  /** Undefined where no session was begun. @throws UserError `json/invalid` */
  async readSession(): Promise<SessionFile | undefined> {
    const path = join(this.root, "session.json");
    return (await isThere(path)) ? readJson(path, sessionSchema, "session") : undefined;
  }

  writeSession(session: SessionFile): Promise<void> {
    return writeFileAtomic(join(this.root, "session.json"), text(session));
  }

  /** All key frames without their masks, by frame. @throws UserError `json/invalid` */
  async readKeys(): Promise<PlannedKey[]> {
    const folder = join(this.root, "labels");
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
    const keys = await Promise.all(names.map((name) => readJson(join(folder, name), keySchema, "key frame")));
    return keys.sort((a, b) => a.frame - b.frame);
  }

  /** An existing key frame. @throws UserError `json/invalid`, and those of `readMaskPng` */
  async readKey(frame: number): Promise<KeyFrame> {
    const path = this.key(frame);
    const { digest: _, given: _given, ...key } = await readJson(`${path}.json`, keySchema, "key frame");
    return { ...key, mask: await readMaskPng(`${path}.png`) };
  }

  /**
   * The JSON file is written last: without it a key frame does not exist.
   * @param given see `PlannedKey`.
   */
  async writeKey(key: KeyFrame, given?: string): Promise<PlannedKey> {
    const { mask, ...rest } = key;
    const planned = { ...rest, digest: digestOf(key), ...(given !== undefined && { given }) };
    await writeMaskPng(`${this.key(key.frame)}.png`, mask);
    await writeFileAtomic(`${this.key(key.frame)}.json`, text(planned));
    return planned;
  }

  /** Forgets the key frames of all other frames. The JSON file goes first: without it a key frame does not exist. */
  async keepKeys(frames: ReadonlySet<number>): Promise<void> {
    for (const { frame } of await this.readKeys())
      if (!frames.has(frame))
        for (const kind of ["json", "png"]) await rm(`${this.key(frame)}.${kind}`, { force: true });
  }

  /** Size of a key frame's mask on the disk. */
  async keyBytes(frame: number): Promise<number> {
    return (await stat(`${this.key(frame)}.png`)).size;
  }

  mask(name: string): string {
    return join(this.root, "masks", `${name}.png`);
  }

  /** Names a pass by its run, see `plan.ts`. */
  writeCells(run: string, time: number, saved: PassState): Promise<void> {
    return writeCells(this.cells(run, time), saved);
  }

  readCells(run: string, time: number): Promise<PassState | undefined> {
    return readCells(this.cells(run, time));
  }

  /** Times of a pass whose cells are kept. */
  async cellTimes(run: string): Promise<Set<number>> {
    const names = await readdir(join(this.root, "state", run)).catch(() => []);
    return new Set(names.filter((name) => name.endsWith(".cells")).map((name) => Number.parseInt(name, 10)));
  }

  dropCells(run: string, time: number): Promise<void> {
    return rm(this.cells(run, time), { force: true });
  }

  dropRun(run: string): Promise<void> {
    return rm(join(this.root, "state", run), { recursive: true, force: true });
  }

  /** Forgets the state of passes that are no longer part of the plan. */
  async dropRunsBut(kept: ReadonlySet<string>): Promise<void> {
    const names = await readdir(join(this.root, "state")).catch(() => []);
    for (const name of names) if (name !== "carried" && !kept.has(name)) await this.dropRun(name);
    const carried = join(this.root, "state", "carried");
    for (const name of await readdir(carried).catch(() => []))
      if (!kept.has(/-(?<run>[0-9a-f]+)\./.exec(name)?.groups?.["run"] ?? "")) await rm(join(carried, name));
  }

  async readCarried(frame: number, run: string): Promise<CarriedLabels | undefined> {
    const path = this.carried(frame, run);
    if (!(await isThere(`${path}.json`))) return undefined;
    const { objects, points } = await readJson(`${path}.json`, carriedSchema, "carried labels");
    const verdicts = new Map(objects.map(({ id, ...verdict }) => [id, verdict]));
    return { mask: await readMaskPng(`${path}.png`), verdicts, points };
  }

  async writeCarried(frame: number, run: string, { mask, verdicts, points }: CarriedLabels): Promise<void> {
    const path = this.carried(frame, run);
    await writeMaskPng(`${path}.png`, mask);
    const objects = [...verdicts].map(([id, { confidence, visible }]) => ({ id, confidence, visible }));
    await writeFileAtomic(`${path}.json`, text({ objects, points: points.map(withoutSignals) }));
  }

  private key(frame: number): string {
    return join(this.root, "labels", digits(frame));
  }

  private carried(frame: number, run: string): string {
    return join(this.root, "state", "carried", `${digits(frame)}-${run}`);
  }

  private cells(run: string, time: number): string {
    return join(this.root, "state", run, `${digits(time)}.cells`);
  }
}

/** Deletes a session, not its results: the next tracking in the folder starts over. */
export async function removeSession(root: string): Promise<void> {
  for (const name of ["session.json", "labels", "frames.jsonl", "state"])
    await rm(join(root, name), { recursive: true, force: true });
}

const text = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
