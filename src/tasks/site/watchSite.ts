/**
 * @file Stays with a site: recordings that arrive become part of it, it learns when enough is new or when what is new looks
 * unlike what was learned from, and goes back by itself when newer footage shows that a model was no gain. What it knows
 * lies in `watch/watch.json`; stopped or killed at any moment, the same command goes on.
 */
import { readdir, rm } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { setTimeout } from "node:timers/promises";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { FileLock } from "../../core/fileLock.ts";
import { isFolder } from "../../core/files.ts";
import { differenceInterval } from "../../metrics/clusterMean.ts";
import { encodeApart } from "../../method/encodeApart.ts";
import { KeptScores, NEXT, readAdapt } from "../../site/adapt/adaptFile.ts";
import { points, TOLERANCE, trialGains } from "../../site/adapt/judge.ts";
import { refusedByCheck } from "../../site/adapt/material.ts";
import { Trials } from "../../site/adapt/trials.ts";
import { presentClips } from "../../site/footage.ts";
import {
  modelNumbered,
  nextNumber,
  readModels,
  type SiteModel,
  weightsState,
  wholeWeights,
} from "../../site/models.ts";
import { useModel } from "../../site/modelUse.ts";
import { readCheck } from "../../site/report/evidence.ts";
import type { Site } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { fallenConfidence } from "../../site/watch/confidence.ts";
import {
  afterAdapting,
  type Decision,
  decide,
  judgedStretches,
  materialOf,
  PROOF,
  stretchesIn,
  withFirst,
  withFresh,
} from "../../site/watch/decide.ts";
import type { Drift } from "../../site/watch/drift.ts";
import { firstStretches, type IntakeOptions, takeIn } from "../../site/watch/intake.ts";
import { isWithin, type NightWindow, parseWindow } from "../../site/watch/nightWindow.ts";
import { itemsOf } from "../../site/watch/replay.ts";
import type { Featurer } from "../../site/watch/stretchLook.ts";
import { type Sighting, survey } from "../../site/watch/survey.ts";
import {
  asStretch,
  emptyWatch,
  readWatch,
  type Recording,
  stretchesFolder,
  WATCH,
  type WatchFile,
  writeWatch,
} from "../../site/watch/watchFile.ts";
import { sizeWithin } from "../../video/resize.ts";
import { openWeights } from "../settings/encoder.ts";
import type { RunContext } from "../task.ts";
import { adaptLocked, type AdaptMaterial, type LearningWishes } from "./adaptSite.ts";
import { TRIAL_SIDE } from "./trialSetup.ts";
import { scoreTrials } from "./trialScores.ts";

/** What is wanted. */
export interface WatchWishes extends Omit<LearningWishes, "anew"> {
  /** Folders in which recordings arrive; none: those of before. */
  readonly from: readonly string[];
  /** Seconds between looks. */
  readonly every: number;
  /** One look and what follows from it, then the end. */
  readonly once: boolean;
  /** Seconds between the two looks of `once`, for what was not seen before. */
  readonly settle: number;
  /** Learn only in these hours, such as 22:00-05:00. */
  readonly night?: string | undefined;
  /** Also take recordings that the footage check finds poor. */
  readonly includePoor: boolean;
}

/** A recording that was taken in. */
export interface TakenRecording {
  readonly path: string;
  /** Its name in the site. */
  readonly clip: string;
  /** Copied of it, to learn from and to judge by. */
  readonly stretches: number;
}

/** What is not done, and why. */
export interface PathAndWhy {
  readonly path: string;
  readonly why: string;
}

/** A model that was used until newer footage showed that it was no gain. */
export interface RolledBack {
  readonly from: number;
  readonly to: number;
  readonly why: string;
}

/** What happened. */
export interface WatchSiteResult {
  readonly taken: readonly TakenRecording[];
  readonly refused: readonly PathAndWhy[];
  /** What is not known to be whole yet, and folders that are not there. */
  readonly waiting: readonly PathAndWhy[];
  /** Of the footage that came since it was learned last; null where that is too little. */
  readonly drift: Drift | null;
  /** Models that were learned, accepted or refused. */
  readonly models: readonly SiteModel[];
  readonly rolledBack: readonly RolledBack[];
  /** Why it learned last, or did not. */
  readonly why: string;
  /** Number of the model in use now. */
  readonly inUse: number;
}

/** What tests exchange. */
export interface WatchParts {
  /** The time of day. */
  readonly now: () => Date;
  readonly adapt: typeof adaptLocked;
}

const PARTS: WatchParts = { now: () => new Date(), adapt: adaptLocked };

/**
 * Watches until it is stopped, or looks once.
 * @throws UserError `site/missing`, `site/newer`, `site/watch-from`, `site/window`, `lock/busy` where another one watches,
 * those of adapting; the signal's reason
 */
export async function watchSite(
  root: string,
  wishes: WatchWishes,
  context: RunContext,
  { now, adapt }: WatchParts = PARTS,
): Promise<WatchSiteResult> {
  const folder = new SiteFolder(root);
  await folder.read();
  const night = wishes.night === undefined ? undefined : parseWindow(wishes.night);
  const from = wishes.from.map((path) => resolve(path));
  for (const path of from) if (!(await isFolder(path))) throw noFolder(path);
  await using _ = await FileLock.acquire(folder.at(WATCH, "watch.lock"), folder.at(WATCH));
  const before = await readWatch(folder);
  if (before === undefined && from.length === 0) throw noFolder(undefined);
  const file = { ...(before ?? emptyWatch(from)), ...(from.length > 0 && { from }) };
  const isNight = (): boolean => night === undefined || isWithin(night, now());
  await using watch = new SiteWatch(folder, file, { wishes, context, isNight, night, adapt });
  if (before === undefined) await watch.begin();
  return await (wishes.once ? watch.once() : watch.forever());
}

function noFolder(path: string | undefined): UserError {
  return new UserError("site/watch-from", {
    what: path === undefined ? "it is not known which folders to watch" : `there is no folder ${path} to watch`,
    expected: "the folders in which recordings arrive",
    todo: "name them with --from",
  });
}

interface Setting {
  readonly wishes: WatchWishes;
  readonly context: RunContext;
  readonly night: NightWindow | undefined;
  readonly isNight: () => boolean;
  readonly adapt: typeof adaptLocked;
}

/** One watch of a site, whose lock is held. */
class SiteWatch implements AsyncDisposable {
  private readonly folder: SiteFolder;
  private readonly setting: Setting;
  private file: WatchFile;
  private featurer: (Featurer & AsyncDisposable) | undefined;
  private readonly taken: TakenRecording[] = [];
  private readonly refused: PathAndWhy[] = [];
  private waiting: PathAndWhy[] = [];
  private readonly models: SiteModel[] = [];
  private readonly rolledBack: RolledBack[] = [];
  private decision: Decision = { due: false, why: "nothing has arrived", drift: undefined };

  constructor(folder: SiteFolder, file: WatchFile, setting: Setting) {
    this.folder = folder;
    this.file = file;
    this.setting = setting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.featurer?.[Symbol.asyncDispose]();
  }

  /** Copies stretches of what the site has: what is new is compared with it. */
  async begin(): Promise<void> {
    const { folder } = this;
    const { logger } = this.setting.context;
    await using _ = await folder.lock();
    const site = await folder.read();
    // A site may be made of a recording that has been removed since.
    const present = await presentClips(site.footage, logger).catch((error: unknown) => {
      if (error instanceof UserError) return [];
      throw error;
    });
    const { kept } = refusedByCheck(present, await readCheck(folder));
    const stretches = await firstStretches(kept, site.seed, await this.intake());
    await this.save(withFirst(this.file, stretches, site.seed));
    logger.info(`watching begins with ${stretches.length} stretches of the site's footage`);
    await folder.note("watch", { decision: "begin", from: this.file.from, stretches: stretches.length });
  }

  /** Looks once; for what was not seen before, twice. */
  async once(): Promise<WatchSiteResult> {
    await this.look();
    if (this.waiting.length > 0) {
      await this.sleep(this.setting.wishes.settle);
      await this.look();
    }
    return this.result();
  }

  /** Looks until it is stopped. */
  async forever(): Promise<never> {
    const { wishes, context, night } = this.setting;
    const hours = night === undefined ? "" : `, learning from ${wishes.night}`;
    context.logger.info(
      `watching ${this.file.from.join(", ")} every ${duration(wishes.every)}${hours}; Ctrl-C ends it`,
    );
    for (;;) {
      await this.look();
      const fresh = `${itemsOf(this.file.fresh.learn).length} new stretches`;
      context.logger.progress(
        `${counted(this.taken.length, "recording")} taken, ${this.refused.length} refused, ${this.waiting.length} waiting, ${fresh}; next look in ${duration(wishes.every)}`,
      );
      await this.sleep(wishes.every);
    }
  }

  private async result(): Promise<WatchSiteResult> {
    const { taken, refused, waiting, models, rolledBack, decision } = this;
    const { model } = await this.folder.read();
    return {
      taken,
      refused,
      waiting,
      drift: decision.drift ?? null,
      models,
      rolledBack,
      why: decision.why,
      inUse: model,
    };
  }

  /** One look, and what follows from it. @throws the signal's reason */
  private async look(): Promise<void> {
    const { folder, setting } = this;
    const { logger, signal } = setting.context;
    signal.throwIfAborted();
    const whole = await this.survey();
    await this.decideNow();
    if (whole.length === 0 && !this.hasWork()) return;
    let lock: FileLock;
    try {
      lock = await folder.lock();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "lock/busy" || setting.wishes.once) throw error;
      logger.warn(`${error.parts.what}: waiting for the next look`);
      return;
    }
    await using _ = lock;
    await this.conclude();
    for (const one of whole) await this.take(one);
    await this.prove();
    await this.decideNow();
    if (this.decision.due || this.file.adapting !== null) await this.adapt();
    await this.clear();
  }

  private async decideNow(): Promise<void> {
    const fallen = await fallenConfidence(this.folder, await this.folder.read(), this.arrived());
    const decision = decide(this.file, fallen);
    const isWaiting = decision.due && !this.setting.isNight();
    this.decision = isWaiting
      ? { ...decision, why: `waits for ${this.setting.wishes.night}: ${decision.why}` }
      : decision;
  }

  /** Clips that came since it was learned last. */
  private arrived(): ReadonlySet<string> {
    const { learn, judge } = this.file.fresh;
    return new Set([...itemsOf(learn), ...judge].map(({ clip }) => clip));
  }

  private hasWork(): boolean {
    const { adapting, probation, fresh } = this.file;
    if (probation !== null && fresh.judge.length >= PROOF) return true;
    return (this.decision.due || adapting !== null) && this.setting.isNight();
  }

  /** Looks at what lies there. @returns what is whole and has not been taken in */
  private async survey(): Promise<Sighting[]> {
    const { found, missing } = await survey(this.file.from, this.folder.root);
    for (const path of missing)
      if (!this.waiting.some((one) => one.path === path))
        this.setting.context.logger.warn(`${path} is not there: waiting for it`);
    const whole: Sighting[] = [];
    const waiting: PathAndWhy[] = missing.map((path) => ({ path, why: "the folder is not there" }));
    const recordings: Record<string, Recording> = {};
    for (const one of found) {
      const before = this.file.recordings[one.path] as Recording | undefined;
      const isSame = before?.size === one.size && before.modified === one.modified;
      if (isSame && before.state !== "seen") recordings[one.path] = before;
      else {
        const { path, ...seen } = one;
        // What it was, so that another recording under its name is noticed.
        const { clip = null, content = null } = before ?? {};
        recordings[path] = { ...seen, state: "seen", clip, why: null, content };
        if (isSame) whole.push(one);
        else waiting.push({ path, why: before === undefined ? "seen for the first time" : "still being written" });
      }
    }
    // Recordings that were taken are known for good; of folders that are not there nothing is known.
    const isLost = (path: string): boolean => missing.some((folder) => path.startsWith(folder + sep));
    for (const [path, one] of Object.entries(this.file.recordings))
      if (one.clip !== null || isLost(path)) recordings[path] ??= one;
    this.waiting = waiting;
    if (JSON.stringify(recordings) !== JSON.stringify(this.file.recordings))
      await this.save({ ...this.file, recordings });
    return whole;
  }

  /** Takes in what is whole. The site first, then what is known of it: after a crash between, it is taken in again. */
  private async take({ path, size, modified }: Sighting): Promise<void> {
    const { folder, file } = this;
    const { logger, signal } = this.setting.context;
    signal.throwIfAborted();
    const site = await folder.read();
    const known = new Map(
      Object.entries(file.recordings).flatMap(([other, { content, state }]) =>
        content === null || state !== "taken" || other === path ? [] : [[content, other]],
      ),
    );
    const { clip: was, content: before } = file.recordings[path];
    const taken = { site, nth: file.taken, known, before: was === null ? null : before };
    const intake = await takeIn(path, taken, await this.intake());
    const { state, content } = intake;
    const sight = { size, modified, state, content };
    if (intake.state === "refused") {
      const { why } = intake;
      logger.warn(`${path} is not taken in: ${why}`);
      await this.note("arrived", { path, modified, state, why });
      this.refused.push({ path, why });
      await this.save(this.knowing(path, { ...sight, clip: was, content: was === null ? content : before, why }));
      return;
    }
    const { clip, footage, stretches } = intake;
    if (footage !== site.footage) {
      await folder.write({ ...site, footage: [...footage] });
      await folder.note("changed", { clips: footage.length, refused: [], targets: [], prices: {} });
    }
    await this.note("arrived", { path, modified, state, clip: clip.key, stretches: stretches.length });
    logger.info(`${path} is clip ${clip.key}: ${clip.frames} frames, ${stretches.length} stretches kept`);
    this.taken.push({ path, clip: clip.key, stretches: stretches.length });
    const next = this.knowing(path, { ...sight, clip: clip.key, why: null });
    await this.save(withFresh({ ...next, taken: next.taken + 1 }, stretches, site.seed));
  }

  private knowing(path: string, recording: Recording): WatchFile {
    return { ...this.file, recordings: { ...this.file.recordings, [path]: recording } };
  }

  /** Notes what came, unless that was noted before a crash. */
  private async note(what: string, more: Readonly<Record<string, unknown>>): Promise<void> {
    const isNoted = (await this.folder.history()).some(
      (event) => event.what === what && ["path", "modified", "state"].every((key) => event[key] === more[key]),
    );
    if (!isNoted) await this.folder.note(what, more);
  }

  /** Judges a model that was accepted once more, on footage that came after it. */
  private async prove(): Promise<void> {
    const { folder, file } = this;
    const { probation, fresh } = file;
    const site = await folder.read();
    if (probation === null) return;
    // Whoever has chosen another model meanwhile knows more; one that was thrown away by hand cannot be gone back to.
    const before = (await readModels(folder)).find(({ number }) => number === probation.before);
    const canGoBack = before !== undefined && (await weightsState(folder, before)) !== "gone";
    if (site.model !== probation.model || !canGoBack) return this.save({ ...file, probation: null });
    if (fresh.judge.length < PROOF) return undefined;
    const gain = await this.gainOf(site, before);
    const isWorse = gain.mean < -TOLERANCE;
    const said = `${points(gain.mean)} points without labels on ${gain.clusters} newer stretches, against model ${probation.before}`;
    const why = isWorse ? `it was no gain after all: ${said}` : `it stays: ${said}`;
    this.setting.context.logger.info(`model ${probation.model}: ${why}`);
    await folder.note("watch", { decision: isWorse ? "rollback" : "proved", ...probation, gain: gain.mean, why });
    if (isWorse) {
      await useModel(folder, site, probation.before, "rollback", { reason: why });
      this.rolledBack.push({ from: probation.model, to: probation.before, why });
    }
    return this.save({ ...this.file, probation: null });
  }

  /** By how much the model in use is better than another one on the newest stretches. */
  private async gainOf(site: Site, before: SiteModel) {
    const { folder } = this;
    const { context } = this.setting;
    const stretches = judgedStretches(folder, this.file.fresh.judge.slice(0, PROOF));
    const trials = await Trials.read(stretches, { shortSide: TRIAL_SIDE, seed: site.seed }, context);
    // Kept until it is decided, so that a crash costs little.
    const names = [WATCH, `proof-${site.model}.json`];
    const kept = await KeptScores.open(folder, ...names);
    const scoresOf = async (model: SiteModel) => {
      const weights = await wholeWeights(folder, model);
      const setting = { tracker: site.tracker, kept, trials, context };
      return (await scoreTrials({ name: `model ${model.number}`, weights }, trials.all, setting)).scores;
    };
    const now = await modelNumbered(folder, site.model);
    const gains = trialGains(await scoresOf(before), await scoresOf(now));
    await rm(folder.at(...names), { force: true });
    return differenceInterval(gains);
  }

  /** Learns, or goes on learning, if it is the time for it. */
  private async adapt(): Promise<void> {
    const { folder, setting } = this;
    const { wishes, context } = setting;
    if (!setting.isNight()) return;
    const own = this.file.adapting !== null || (await readAdapt(folder)) === undefined;
    if (!own) context.logger.info("finishing what site adapt began");
    const begin = async (site: Site): Promise<AdaptMaterial> => {
      const number = nextNumber(await readModels(folder));
      const { learn, replay, aside, older } = materialOf(this.file, site.seed, number);
      // All that is set aside is old afterwards, also what was too much to judge by: proof has to be newer.
      const used = [...learn, ...this.file.fresh.judge].map(({ key }) => key);
      const adapting = { number, why: this.decision.why, used, replayed: replay.map(({ key }) => key) };
      await folder.note("watch", { decision: "adapt", number, why: adapting.why });
      context.logger.info(`learning, because ${adapting.why}`);
      await this.save({ ...this.file, adapting });
      return {
        by: "watched",
        learn: learn.map((one) => asStretch(folder, one)),
        replay: replay.map((one) => asStretch(folder, one)),
        aside: judgedStretches(folder, aside),
        older: judgedStretches(folder, older),
        leftOut: [],
      };
    };
    const cache = wishes.cache ?? folder.at(...NEXT, "cache");
    const learning = { minutes: wishes.minutes, config: wishes.config, cache, anew: false };
    const { model } = await setting.adapt(folder, learning, context, begin);
    const word = model.accepted ? "accepted" : "refused";
    context.logger.info(`model ${model.number} is ${word}: ${model.reason}`);
    this.models.push(model);
    await this.conclude();
  }

  /** What an adaptation that is done leaves behind, also one that was finished by another command. */
  private async conclude(): Promise<void> {
    const { folder, file } = this;
    const { adapting } = file;
    if (adapting === null) return;
    const model = (await readModels(folder)).find(({ number }) => number === adapting.number);
    const isMine = model?.name.startsWith("watched-") === true;
    const underWay = await readAdapt(folder);
    // Under way, or about to be finished.
    if (underWay?.by === "watched") return;
    if (model === undefined || !isMine) return this.save({ ...file, adapting: null });
    const { accepted, number, parent } = model;
    const site = await folder.read();
    const isUsed = accepted && site.model === number;
    return this.save(afterAdapting(file, { accepted: isUsed, model: number, before: parent ?? 0 }, site.seed));
  }

  /** Removes stretches that nothing names any more. */
  private async clear(): Promise<void> {
    const { folder } = this;
    const root = stretchesFolder(folder);
    const underWay = await readAdapt(folder);
    const named = new Set(stretchesIn(this.file).map(({ key }) => key.normalize()));
    for (const list of [underWay?.learn, underWay?.replay, underWay?.aside, underWay?.older])
      for (const { clip } of list ?? []) named.add(clip.normalize());
    for (const key of await readdir(root).catch(() => []))
      if (!named.has(key.normalize())) await rm(join(root, key), { recursive: true, force: true });
  }

  private async save(file: WatchFile): Promise<void> {
    await writeWatch(this.folder, file);
    this.file = file;
  }

  /** The encoder of the package describes all looks, so that they can be compared whichever model is used. */
  private async intake(): Promise<IntakeOptions> {
    const { wishes, context } = this.setting;
    const { logger, signal, machine } = context;
    this.featurer ??= await openFeaturer(context);
    const { includePoor } = wishes;
    return { folder: this.folder, encode: this.featurer, includePoor, threads: machine.threads, logger, signal };
  }

  private async sleep(seconds: number): Promise<void> {
    const { signal } = this.setting.context;
    await setTimeout(1000 * seconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}

/** An encoder of the package's weights. @throws UserError those of `openWeights` */
async function openFeaturer({ machine }: RunContext): Promise<Featurer & AsyncDisposable> {
  const encoder = await openWeights({ motion: true }, machine);
  // Pictures of many clips: none follows the one before.
  const encode: Featurer = (picture) => encodeApart(encoder, picture, sizeWithin(picture, LOOK_SIDE));
  return Object.assign(encode, { [Symbol.asyncDispose]: () => encoder[Symbol.asyncDispose]() });
}

/** Shorter side at which looks are described, px. */
const LOOK_SIDE = 128;
