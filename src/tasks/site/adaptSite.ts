/**
 * @file Continues learning on a site's own footage, and accepts what was learned only if it is better. What is under way
 * lies in `models/next`: stopped or killed at any moment, the same command resumes.
 */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import type { Logger } from "../../core/log.ts";
import type { Clusters } from "../../metrics/clusterMean.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import { averageWeights } from "../../method/weightAverage.ts";
import { type AdaptFile, forgetAdapt, KeptScores, NEXT, readAdapt, writeAdapt } from "../../site/adapt/adaptFile.ts";
import { bestCandidate, judge, type Trial, type TrialScore } from "../../site/adapt/judge.ts";
import { chooseMaterial, type LeftOut, refusedByCheck, replayed, type Stretch } from "../../site/adapt/material.ts";
import { adaptRecipe, mostFrames, withLength } from "../../site/adapt/recipe.ts";
import { Trials } from "../../site/adapt/trials.ts";
import { tunedPassages, tuningScores } from "../../site/adapt/tuningLabels.ts";
import { presentClips } from "../../site/footage.ts";
import { siteLabels, SiteMasks } from "../../site/labels.ts";
import {
  addModel,
  modelNumbered,
  nextNumber,
  readModels,
  sha256,
  type SiteModel,
  wholeWeights,
} from "../../site/models.ts";
import { useModel } from "../../site/modelUse.ts";
import { readSplit } from "../../site/plan/planSite.ts";
import { readCheck } from "../../site/report/evidence.ts";
import { type LabelledPassage, labelledPassages } from "../../site/runPlan.ts";
import type { Site } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { findClips } from "../../training/clipCache.ts";
import { RANDOM_INIT, trainingConfig } from "../../training/config.ts";
import { RUN_FILES } from "../../training/runFolder.ts";
import { openFrameSource } from "../../video/frameSource.ts";
import { writeSafetensors } from "../../weights/safetensors.ts";
import type { RunContext } from "../task.ts";
import { learnStretches } from "./learnStretches.ts";
import { scoredTrials } from "./scoredTrials.ts";
import { openTrialSetup, TRIAL_SIDE } from "./trialSetup.ts";

/** What is wanted; an adaptation that is under way keeps what it was begun with. */
export interface AdaptWishes {
  /** For everything: learning and comparing. */
  readonly minutes: number;
  /** Other clips that are learned from beside the site's, so that what they taught is not forgotten. */
  readonly replay: readonly string[];
  /** Also learn from clips that the footage check refused. */
  readonly includePoor: boolean;
  /** Begin anew, whatever is under way. */
  readonly anew: boolean;
  /** Keys of the training configuration that are not as usual. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Of decoded footage. */
  readonly cache?: string | undefined;
}

/** What became of it. */
export interface AdaptSiteResult {
  readonly model: SiteModel;
  /** Number of the model in use now. */
  readonly inUse: number;
  readonly learn: readonly Stretch[];
  readonly replay: readonly Stretch[];
  readonly aside: readonly Stretch[];
  readonly leftOut: readonly LeftOut[];
  readonly seconds: number;
}

/** Shares of what was learned in the mix with the old weights (Wortsman et al. 2022). */
const SHARES = [1, 0.5, 0.25] as const;
/** Of the footage that is learned from, where other clips are given. */
const REPLAY_SHARE = 0.3;
/** At least this share of the time is for learning. */
const LEAST_LEARNING = 0.25;

/**
 * @throws UserError `site/missing`, `site/footage`, `site/refused`, `site/too-little`, `site/weights`, `lock/busy`,
 * those of training and tracking; the signal's reason
 */
export async function adaptSite(root: string, wishes: AdaptWishes, context: RunContext): Promise<AdaptSiteResult> {
  const begin = performance.now();
  const folder = new SiteFolder(root);
  await folder.read();
  await using _ = await folder.lock();
  const site = await folder.read();
  const file = (await underWay(folder, site, wishes, context.logger)) ?? (await begun(folder, site, wishes, context));
  const model =
    (await readModels(folder)).find(({ number }) => number === file.number) ??
    (await new Adaptation(folder, site, file, wishes, context).run());
  const after = await finished(folder, site, file, model);
  const { learn, replay, aside, leftOut } = file;
  const seconds = (performance.now() - begin) / 1000;
  return { model, inUse: after.model, learn, replay, aside, leftOut, seconds };
}

/** What a model that is there still needs: to be used, to be noted, and its leftovers to go. */
async function finished(folder: SiteFolder, site: Site, file: AdaptFile, model: SiteModel): Promise<Site> {
  const { number, accepted, reason, scores } = model;
  const history = await folder.history();
  if (!history.some((event) => event.what === "adapt" && event["model"] === number)) {
    const { learn, replay, leftOut, minutes } = file;
    const clips = { learn: learn.length, replay: replay.length, leftOut };
    await folder.note("adapt", { model: number, parent: file.parent, accepted, reason, scores, minutes, clips });
  }
  const after = accepted && site.model === file.parent ? await useModel(folder, site, number, "accepted") : site;
  await forgetAdapt(folder);
  return after;
}

/** What was begun and still makes sense; undefined: nothing. */
async function underWay(
  folder: SiteFolder,
  site: Site,
  wishes: AdaptWishes,
  logger: Logger,
): Promise<AdaptFile | undefined> {
  const file = await readAdapt(folder);
  if (file === undefined) return undefined;
  const isDone = (await readModels(folder)).some(({ number }) => number === file.number);
  const why = wishes.anew
    ? "as asked"
    : file.parent === site.model
      ? undefined
      : `it learned from model ${file.parent}, and model ${site.model} is used by now`;
  if (why !== undefined && !isDone) {
    logger.info(`what was under way is thrown away: ${why}`);
    await forgetAdapt(folder);
    return undefined;
  }
  logger.info(`resuming what was begun on ${file.begun.slice(0, 16).replace("T", " ")} UTC`);
  if (file.minutes !== wishes.minutes)
    logger.warn(`it goes on with ${file.minutes} minutes, as it was begun (--anew begins anew)`);
  return file;
}

/** @throws UserError `site/footage`, `site/refused`, `site/too-little` */
async function begun(folder: SiteFolder, site: Site, wishes: AdaptWishes, { logger }: RunContext): Promise<AdaptFile> {
  // A wrong key is named before anything is begun.
  trainingConfig(withLength(adaptRecipe(wishes.config, { seed: site.seed, init: RANDOM_INIT }), 1));
  const present = await presentClips(site.footage, logger);
  const check = await readCheck(folder);
  if (check === null) logger.warn("the footage was not checked (site check): bad clips are learned from as well");
  const { kept, leftOut } = refusedByCheck(present, wishes.includePoor ? null : check);
  for (const { clip, why } of leftOut) logger.warn(`${clip} is left out, the check refused it: ${why}`);
  if (kept.length === 0) throw allRefused(leftOut);
  const { learn, aside } = chooseMaterial(kept, site.seed);
  const file: AdaptFile = {
    format: 1,
    number: nextNumber(await readModels(folder)),
    parent: site.model,
    begun: new Date().toISOString(),
    minutes: wishes.minutes,
    trainMinutes: null,
    trained: false,
    learn: [...learn],
    replay: await replayOf(wishes, learn, kept),
    aside: [...aside],
    leftOut: [...leftOut],
    config: wishes.config,
  };
  announce(file, logger);
  await forgetAdapt(folder);
  await writeAdapt(folder, file);
  return file;
}

function announce({ learn, aside, replay, minutes }: AdaptFile, logger: Logger): void {
  const frames = learn.reduce((sum, { start, end }) => sum + end - start, 0);
  const old =
    replay.length === 0 ? "no other clips to replay (--replay)" : `${counted(replay.length, "clip")} replayed`;
  logger.info(
    `learning from ${counted(learn.length, "clip")} (${counted(frames, "frame")}), ${old}; judged by ` +
      `${aside.length} stretches set aside; ${duration(60 * minutes)} in all`,
  );
}

function allRefused(leftOut: readonly LeftOut[]): UserError {
  return new UserError("site/refused", {
    what: "the footage check refused all clips of the site",
    got: leftOut[0]?.why,
    todo: "record again as the check advises, or learn from poor clips all the same with --include-poor",
  });
}

/** @throws UserError `training/no-clips` and those of the sources */
async function replayOf(
  { replay, config }: AdaptWishes,
  learn: readonly Stretch[],
  own: readonly { readonly path: string }[],
): Promise<Stretch[]> {
  if (replay.length === 0) return [];
  const isOwn = new Set(own.map(({ path }) => path));
  const paths = (await findClips(replay)).map((path) => resolve(path)).filter((path) => !isOwn.has(path));
  const others: { path: string; frames: number }[] = [];
  for (const path of paths) {
    await using source = await openFrameSource(path);
    others.push({ path, frames: source.frameCount });
  }
  return replayed(learn, others, {
    share: REPLAY_SHARE,
    most: mostFrames(config),
  });
}

/** A mix of the old weights and those that were learned. */
interface Candidate {
  readonly share: number;
  readonly path: string;
  readonly scores: readonly TrialScore[];
}

/** From what was begun to a model in the registry. */
class Adaptation {
  private readonly folder: SiteFolder;
  private readonly site: Site;
  private file: AdaptFile;
  private readonly wishes: AdaptWishes;
  private readonly context: RunContext;
  private seconds = 0;

  constructor(folder: SiteFolder, site: Site, file: AdaptFile, wishes: AdaptWishes, context: RunContext) {
    this.folder = folder;
    this.site = site;
    this.file = file;
    this.wishes = wishes;
    this.context = context;
  }

  async run(): Promise<SiteModel> {
    const { folder, file, site } = this;
    const { logger, signal } = this.context;
    const parent = await modelNumbered(folder, file.parent);
    const weights = await wholeWeights(folder, parent);
    const kept = await KeptScores.open(folder, ...NEXT, "scores.json");
    const trials = await Trials.read(file.aside, { shortSide: TRIAL_SIDE, seed: site.seed }, { logger, signal });
    const passages = await this.labelled();
    // Half of the stretches choose the share of the mix, the others decide: what chooses cannot judge.
    const [choosing, deciding] = [0, 1].map((half) => trials.all.filter(({ stretch }) => stretch % 2 === half));
    const before = await this.scored("the model in use", weights, { kept, trials, asked: trials.all });
    const oldLabels = await this.onLabels(weights, passages, kept);
    if (!this.file.trained) await this.train(weights);
    const candidates: Candidate[] = [];
    for (const share of SHARES) {
      const path = await this.mixed(weights, share);
      const name = share === 1 ? "what was learned" : `a mix with ${Math.round(100 * share)} % of it`;
      candidates.push({ share, path, scores: await this.scored(name, path, { kept, trials, asked: choosing }) });
    }
    const best = bestCandidate(candidates);
    const after = await this.scored("the best mix", best.path, { kept, trials, asked: deciding });
    const newLabels = await this.onLabels(best.path, passages, kept);
    const tuning = oldLabels.map((own, p) => own.map((score, i) => newLabels[p][i] - score));
    const judgement = judge({ before, after, tuning });
    const { accepted, reason, scores } = judgement;
    const name = `adapted-${new Date().toISOString().slice(0, 10)}`;
    const { init: _, ...learned } = adaptRecipe(this.file.config, { seed: site.seed, init: weights });
    const config = { ...withLength(learned, this.file.trainMinutes ?? 0), share: best.share };
    const model = { number: file.number, name, parent: file.parent, config, accepted, reason };
    return addModel(folder, { ...model, scores: { ...scores, share: best.share } }, best.path);
  }

  /** Passages in which tuning labels can be measured. */
  private async labelled(): Promise<{ passages: LabelledPassage[]; masks: SiteMasks }> {
    const split = await readSplit(this.folder);
    const labels = await siteLabels(this.folder, this.site, split, this.context.logger);
    const masks = new SiteMasks(labels);
    return { passages: tunedPassages(await labelledPassages(labels, split.passages, masks)), masks };
  }

  /** Scores of weights in trials; those that are kept are not measured again. */
  private async scored(
    name: string,
    weights: string,
    { kept, trials, asked }: { kept: KeptScores; trials: Trials; asked: readonly Trial[] },
  ): Promise<TrialScore[]> {
    const id = await this.identity(weights);
    const { tracker } = this.site;
    const { scores, seconds } = await scoredTrials({ name, weights, id, tracker, kept, trials, asked }, this.context);
    this.seconds += seconds;
    return scores;
  }

  /** IoU in the frames of tuning labels, by passage. */
  private async onLabels(
    weights: string,
    { passages, masks }: { passages: readonly LabelledPassage[]; masks: SiteMasks },
    kept: KeptScores,
  ): Promise<Clusters> {
    if (passages.length === 0) return [];
    const { machine, signal, logger } = this.context;
    const tracker = { ...this.site.tracker, shortSide: TRIAL_SIDE };
    await using setup = await openTrialSetup(weights, tracker, machine);
    const id = await this.identity(weights);
    const begin = performance.now();
    const scores: number[][] = [];
    for (const [i, passage] of passages.entries()) {
      signal.throwIfAborted();
      logger.progress(`comparing on tuning labels: ${i + 1} of ${counted(passages.length, "passage")}`);
      let found: Map<number, number> | undefined;
      const own: number[] = [];
      const [first, ...others] = passage.given;
      const start = await sha256(first.path);
      for (const { frame, path } of others) {
        const key = [passage.passage.key, start, frame, await sha256(path)].join(" ");
        const measured = async (): Promise<number> => {
          found ??= await tuningScores(passage, masks, setup, signal);
          return found.get(frame) ?? Number.NaN;
        };
        const score = await kept.of(id, key, measured);
        own.push(score);
      }
      scores.push(own);
    }
    this.seconds += (performance.now() - begin) / 1000;
    return scores;
  }

  /** Scores depend on the weights and on how clips are tracked. */
  private async identity(weights: string): Promise<string> {
    const hash = createHash("sha256").update(JSON.stringify([await sha256(weights), this.site.tracker]));
    return hash.digest("hex").slice(0, 16);
  }

  /** Learns, or goes on learning. @throws the signal's reason where it was stopped */
  private async train(weights: string): Promise<void> {
    const folder = this.folder.at(...NEXT, "run");
    const { variant } = await readEncoderWeights(weights);
    const trainMinutes = this.file.trainMinutes ?? this.learningMinutes();
    this.file = { ...this.file, trainMinutes };
    await writeAdapt(this.folder, this.file);
    const { learn, replay } = this.file;
    const recipe = adaptRecipe(this.file.config, { seed: this.site.seed, init: weights });
    const config = trainingConfig(withLength({ ...recipe, variant }, trainMinutes));
    await learnStretches({ folder, config, stretches: [...learn, ...replay], cache: this.wishes.cache }, this.context);
    this.file = { ...this.file, trained: true };
    await writeAdapt(this.folder, this.file);
  }

  /** What is left of the time after comparing, which is known from the model in use. */
  private learningMinutes(): number {
    const { minutes } = this.file;
    const comparing = ((1 + SHARES.length / 2 + 1 / 2) * this.seconds) / 60;
    const learning = Math.max(LEAST_LEARNING * minutes, minutes - comparing);
    const text = `comparing takes about ${duration(60 * comparing)}, learning gets ${duration(60 * learning)}`;
    if (comparing + learning > 1.1 * minutes) this.context.logger.warn(`${text}: more than was asked for`);
    else this.context.logger.info(text);
    return learning;
  }

  /** Weights mixed of the old and the learned ones, as they will be kept. */
  private async mixed(weights: string, share: number): Promise<string> {
    const path = this.folder.at(...NEXT, `share-${Math.round(100 * share)}.safetensors`);
    const learned = await readEncoderWeights(this.folder.at(...NEXT, "run", RUN_FILES.weights));
    const { values, metadata, variant } = averageWeights(await readEncoderWeights(weights), learned, share);
    await writeSafetensors(path, new Map(values), { dtype: "F16", metadata: { ...metadata, variant } });
    return path;
  }
}
