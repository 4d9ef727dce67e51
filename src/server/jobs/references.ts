/**
 * @file A task as it is asked for over HTTP becomes one with paths. Where the task has a path, a request has a reference:
 * `clip:ID`, `session:ID/FILE`, `job:ID/FILE`, `site:ID`, or a path in one of the service's folders. Results always go where the service
 * keeps them.
 */
import { join } from "node:path";
import { defined } from "../../core/defined.ts";
import { UserError } from "../../core/errors.ts";
import { formatNamed } from "../../formats/registry.ts";
import { checkTask } from "../../tasks/check.ts";
import { convertTask } from "../../tasks/convert.ts";
import { discoverTask } from "../../tasks/discover.ts";
import { evaluateTask } from "../../tasks/evaluate.ts";
import { inspectTask } from "../../tasks/inspect.ts";
import { reviewTask } from "../../tasks/review.ts";
import { siteTask } from "../../tasks/site.ts";
import { trackTask } from "../../tasks/track.ts";
import { resumeTask, trainTask } from "../../tasks/train.ts";
import { DEFAULT_INIT, RANDOM_INIT } from "../../training/config.ts";
import type { ClipList } from "../clips/clipList.ts";
import { type Root, within, withinRoots } from "../clips/roots.ts";
import type { LabelStore } from "../labels/labelStore.ts";
import type { SessionList } from "../sessions/sessionList.ts";
import { clipsOf, labelsOf } from "../sites/siteClips.ts";
import type { ClipLabels } from "../sites/takeLabels.ts";
import type { SiteList } from "../sites/siteList.ts";
import type { JobWork, NewJob } from "./queue.ts";

/** A task that can be a job. */
interface JobTask {
  readonly task: { readonly schema: unknown; parse(given: unknown): object };
  /** Keys whose value is a path, or a list of paths. */
  readonly paths: readonly string[];
  /** Keys whose value is the name of a folder within one of those. */
  readonly names?: readonly string[];
  /** Where its results go, given the job's folder of files and the name that was asked for. */
  readonly out: (files: string, asked: Asked) => string | undefined;
}

type Asked = Readonly<Record<string, unknown>>;

/** The tasks that are jobs, by name. */
export const jobTasks = {
  track: { task: trackTask, paths: ["video", "weights"], out: () => undefined },
  check: { task: checkTask, paths: ["clips"], out: (files) => files },
  review: { task: reviewTask, paths: ["folder", "video"], out: () => undefined },
  convert: { task: convertTask, paths: ["input", "video"], out: convertedName },
  inspect: { task: inspectTask, paths: ["clip", "weights"], out: (files) => files },
  discover: { task: discoverTask, paths: ["clip", "weights"], out: (files) => files },
  train: { task: trainTask, paths: ["footage", "scoreOn"], out: (files) => files },
  resume: { task: resumeTask, paths: ["scoreOn"], out: () => undefined },
  site: { task: siteTask, paths: ["replay"], out: () => undefined },
  evaluate: {
    task: evaluateTask,
    paths: ["data", "split", "footage", "weights"],
    names: ["resolution", "annotations"],
    out: (files, { benchmark }) => (benchmark === "cuts" ? undefined : files),
  },
} as const satisfies Readonly<Record<string, JobTask>>;

export type JobTaskName = keyof typeof jobTasks;
export const JOB_TASKS = Object.keys(jobTasks) as [JobTaskName, ...JobTaskName[]];

/** What references point to. */
export interface Places {
  /** The service's own folder. */
  readonly data: string;
  readonly roots: readonly Root[];
  readonly clips: ClipList;
  readonly sessions: SessionList;
  readonly sites: SiteList;
  readonly labelsOf: (clip: string) => LabelStore;
  readonly folderOf: (job: string) => string;
}

/** The folder of a job's results. */
export const filesOf = (folder: string): string => join(folder, "files");

/**
 * Checks a task and finds what it refers to.
 * @param id of the job.
 * @throws UserError `service/missing`, `service/path`, `service/invalid`, `task/invalid`
 */
export async function workOf(
  name: JobTaskName,
  asked: Asked,
  id: string,
  places: Places,
): Promise<Pick<NewJob, "work" | "session" | "clips">> {
  const { task, paths, names = [], out } = jobTasks[name] as JobTask;
  const found = new Found(places);
  const resolved: Record<string, unknown> = { ...asked };
  refuseOwnPlaces(name, asked);
  for (const key of paths) if (key in asked) resolved[key] = await found.pathOrPaths(asked[key], key);
  for (const key of names) if (key in asked) requireName(asked[key], key);
  if ("config" in asked) resolved["config"] = await trainingKeys(asked["config"], found);
  const folder = places.folderOf(id);
  let keyFrames: readonly number[] | undefined;
  let labels: readonly ClipLabels[] | undefined;
  if (name === "track") keyFrames = await trackParts(asked, resolved, folder, found);
  else refuseOut(name, asked);
  if (name === "site") labels = await siteParts(asked, resolved, found);
  if (name === "train") found.session = `run:${id}`;
  if (name === "resume") await resumedRun(asked, resolved, found);
  if (learns(name, asked)) resolved["cache"] = join(places.data, "decoded");
  const own = out(filesOf(folder), asked);
  if (own !== undefined) resolved["out"] = own;
  task.parse(resolved);
  const work: JobWork = { task: { ...resolved, task: name }, ...defined({ keyFrames, labels }) };
  return { work, session: found.session, clips: [...found.clips] };
}

/** Finds paths, and remembers which clips and which session they belong to. */
class Found {
  readonly places: Places;
  readonly clips = new Set<string>();
  session: string | undefined;

  constructor(places: Places) {
    this.places = places;
  }

  async pathOrPaths(value: unknown, key: string): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map((one) => this.path(one, key)));
    return this.path(value, key);
  }

  async path(value: unknown, key: string): Promise<string> {
    if (typeof value !== "string") throw invalid(key, JSON.stringify(value));
    const {
      kind,
      id = "",
      rest = ".",
    } = /^(?<kind>clip|session|job):(?<id>[\w-]+)(?:\/(?<rest>.+))?$/su.exec(value)?.groups ?? {};
    if (kind === "clip") return (await this.clip(id)).path;
    if (kind === "session") return within(await this.sessionFolder(id), rest);
    if (kind === "job") return within(filesOf(this.places.folderOf(id)), rest);
    return withinRoots(this.places.roots, value);
  }

  async clip(id: string) {
    const clip = await this.places.clips.clip(id);
    this.clips.add(id);
    return clip;
  }

  /** A job that reads or writes a session has it alone. */
  async sessionFolder(id: string): Promise<string> {
    const { clip } = await this.places.sessions.session(id);
    this.session ??= id;
    this.clips.add(clip);
    return this.places.sessions.folder(id);
  }
}

/** Labels and the session of a track task. @returns frames with labels, where all are the clip's own */
async function trackParts(
  asked: Asked,
  resolved: Record<string, unknown>,
  folder: string,
  found: Found,
): Promise<number[] | undefined> {
  const { out, labels = [] } = asked;
  const id = idIn(out, "session");
  if (id === undefined) throw invalid("out", JSON.stringify(out), "a session, as session:ID");
  if (!Array.isArray(labels)) throw invalid("labels", JSON.stringify(labels), "a list");
  if ("labelsFrame" in asked || asked["follow"] === true) throw invalid("follow, labelsFrame", "a stream", "a clip");
  resolved["out"] = await found.sessionFolder(id);
  await requireClipOf(id, asked["video"], found);
  const files: unknown[] = [];
  const ends: unknown[] = [...((asked["ends"] as unknown[] | undefined) ?? [])];
  const frames: number[] = [];
  for (const one of labels as readonly unknown[]) {
    const clip = typeof one === "string" ? /^labels:(?<clip>[\w-]+)$/u.exec(one)?.groups?.["clip"] : undefined;
    if (clip === undefined) {
      files.push(await labelPath(one, found));
      continue;
    }
    const copied = await found.places.labelsOf(clip).copyTo(join(folder, "labels"));
    files.push(...copied.labels);
    ends.push(...copied.ends);
    frames.push(...[...copied.labels, ...copied.ends].map(({ frame }) => frame));
  }
  resolved["labels"] = files;
  if (ends.length > 0) resolved["ends"] = ends;
  const areOwn = labels.every((one) => typeof one === "string" && one.startsWith("labels:"));
  return areOwn ? frames : undefined;
}

/** Steps of a site that are jobs; the others are done at once by routes of their own, or never end. */
const SITE_STEPS: ReadonlySet<unknown> = new Set(["check", "plan", "adapt", "tune", "track", "report", "run"]);

/** The folder of a site. @returns where its labels are */
async function siteParts(
  { folder, step }: Asked,
  resolved: Record<string, unknown>,
  found: Found,
): Promise<ClipLabels[]> {
  const id = idIn(folder, "site");
  if (id === undefined) throw invalid("folder", JSON.stringify(folder), "a site, as site:ID");
  if (!SITE_STEPS.has(step)) throw invalid("step", JSON.stringify(step), `one of ${[...SITE_STEPS].join(", ")}`);
  const { sites, clips, labelsOf: storeOf } = found.places;
  const site = await sites.site(id);
  resolved["folder"] = site.root;
  found.session = `site:${id}`;
  const own = await clipsOf(await site.read(), clips);
  for (const clip of own) if (clip.id !== null) found.clips.add(clip.id);
  return labelsOf(own, storeOf);
}

/** The folder of a training run, which one job after the other may write into. */
async function resumedRun({ run }: Asked, resolved: Record<string, unknown>, found: Found): Promise<void> {
  const id = idIn(run, "job");
  if (id === undefined) throw invalid("run", JSON.stringify(run), "a job that trains, as job:ID");
  resolved["run"] = await found.path(run, "run");
  found.session = `run:${id}`;
}

/** Whether a job decodes footage to learn from it, and keeps it for the next one. */
function learns(name: JobTaskName, { step }: Asked): boolean {
  return name === "train" || name === "resume" || (name === "site" && (step === "adapt" || step === "run"));
}

/** The id of a plain reference. */
function idIn(value: unknown, kind: "site" | "job" | "session"): string | undefined {
  return typeof value === "string"
    ? new RegExp(`^${kind}:(?<id>[\\w-]+)$`, "u").exec(value)?.groups?.["id"]
    : undefined;
}

/** A training configuration: the weights that it starts from may be a file. */
async function trainingKeys(config: unknown, found: Found): Promise<unknown> {
  if (typeof config !== "object" || config === null || !("init" in config)) return config;
  const { init } = config;
  if (init === RANDOM_INIT || init === DEFAULT_INIT) return config;
  return { ...config, init: await found.path(init, "config.init") };
}

async function requireClipOf(session: string, video: unknown, { places }: Found): Promise<void> {
  const { clip } = await places.sessions.session(session);
  if (video === `clip:${clip}`) return;
  throw invalid("video", JSON.stringify(video), `the session's clip, clip:${clip}`);
}

/** A file of labels that is not the clip's own: by reference, or with its frame. */
async function labelPath(given: unknown, found: Found): Promise<unknown> {
  if (typeof given !== "object" || given === null) return { path: await found.path(given, "labels") };
  const { path, ...rest } = given as Record<string, unknown>;
  return { ...rest, path: await found.path(path, "labels.path") };
}

function convertedName(files: string, { to, out }: Asked): string {
  const name = typeof out === "string" ? out : undefined;
  if (out !== undefined && (name === undefined || !/^[\p{L}\p{N}][\p{L}\p{N} ._()-]*$/u.test(name)))
    throw invalid("out", JSON.stringify(out), "a plain file name");
  return join(files, name ?? `labels${extensionOf(to)}`);
}

function extensionOf(to: unknown): string {
  const parsed = convertTask.schema.shape.to.safeParse(to);
  if (!parsed.success) return "";
  const { layout } = formatNamed(parsed.data);
  return layout === "folder" ? "" : layout[0];
}

/** Keys that name places of the machine which are not the job's. */
export const OWN_PLACES = ["json", "cache", "score"] as const;

function refuseOwnPlaces(name: JobTaskName, asked: Asked): void {
  for (const key of OWN_PLACES)
    if (key in asked && typeof asked[key] !== "boolean")
      throw invalid(key, JSON.stringify(asked[key]), `nothing: a job of ${name} has no such key`);
}

/** Of a folder: no way out of the one that it lies in. */
function requireName(value: unknown, key: string): void {
  if (typeof value !== "string" || !/^[\p{L}\p{N}_][\p{L}\p{N} ._-]*$/u.test(value))
    throw invalid(key, JSON.stringify(value), "the name of a folder");
}

function refuseOut(name: JobTaskName, asked: Asked): void {
  if (name !== "convert" && "out" in asked)
    throw invalid("out", JSON.stringify(asked["out"]), "nothing: results go into the job's files");
}

function invalid(key: string, got: string | undefined, expected = "a reference such as clip:ID, or a path"): UserError {
  return new UserError("service/invalid", { what: `${key} is not as expected`, got: got ?? "nothing", expected });
}
