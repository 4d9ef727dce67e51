/** @file One adaptation from what was begun to a model in the registry: learning, mixing with the old weights, judging. */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import type { Clusters } from "../../metrics/clusterMean.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import { averageWeights } from "../../method/weightAverage.ts";
import { type AdaptFile, KeptScores, NEXT, writeAdapt } from "../../site/adapt/adaptFile.ts";
import { bestCandidate, judge, type Trial, type TrialScore } from "../../site/adapt/judge.ts";
import { adaptRecipe, SCORE_MINUTES, withLength } from "../../site/adapt/recipe.ts";
import { Trials } from "../../site/adapt/trials.ts";
import { tunedPassages, tuningScores } from "../../site/adapt/tuningLabels.ts";
import { siteLabels, SiteMasks, withoutVerdict } from "../../site/labels.ts";
import { addModel, modelNumbered, sha256, type SiteModel, wholeWeights } from "../../site/models.ts";
import { readSplit } from "../../site/plan/planSite.ts";
import { type LabelledPassage, labelledPassages } from "../../site/runPlan.ts";
import type { Site } from "../../site/siteFile.ts";
import type { SiteFolder } from "../../site/siteFolder.ts";
import { trainingConfig } from "../../training/config.ts";
import type { Score } from "../../training/observers/scores.ts";
import { RUN_FILES } from "../../training/runFiles.ts";
import { writeSafetensors } from "../../weights/safetensors.ts";
import { cycleOf } from "../settings/unlabelledScore.ts";
import type { RunContext } from "../task.ts";
import { learnStretches } from "./learnStretches.ts";
import { openTrialSetup, TRIAL_SIDE } from "./trialSetup.ts";
import { scoredAs, scoreTrials } from "./trialScores.ts";

/** Shares of what was learned in the mix with the old weights (Wortsman et al. 2022). */
const SHARES = [1, 0.5, 0.25] as const;
/** At least this share of the time is for learning. */
const LEAST_LEARNING = 0.25;

/** The stretch on which a score is watched: one of those that choose the mix, and decide nothing. */
const WATCHED = 0;

/** A mix of the old weights and those that were learned. */
interface Candidate {
  readonly share: number;
  readonly path: string;
  readonly scores: readonly TrialScore[];
}

/** From what was begun to a model in the registry. */
export class Adaptation {
  private readonly folder: SiteFolder;
  private readonly site: Site;
  private file: AdaptFile;
  private readonly cache: string | undefined;
  private readonly context: RunContext;
  private seconds = 0;

  /** @param cache of decoded footage */
  constructor(folder: SiteFolder, site: Site, file: AdaptFile, cache: string | undefined, context: RunContext) {
    this.folder = folder;
    this.site = site;
    this.file = file;
    this.cache = cache;
    this.context = context;
  }

  async run(): Promise<SiteModel> {
    const { folder, file, site } = this;
    const { logger, signal } = this.context;
    const parent = await modelNumbered(folder, file.parent);
    const weights = await wholeWeights(folder, parent);
    const kept = await KeptScores.open(folder, ...NEXT, "scores.json");
    const judged = [...file.aside, ...file.older];
    const trials = await Trials.read(judged, { shortSide: TRIAL_SIDE, seed: site.seed }, { logger, signal });
    const passages = await this.labelled();
    // Half of the stretches choose the share of the mix, the others decide: what chooses cannot judge.
    const [choosing, deciding] = [0, 1].map((half) => trials.all.filter(({ stretch }) => stretch % 2 === half));
    const before = await this.scored("the model in use", weights, { kept, trials, asked: trials.all });
    const oldLabels = await this.onLabels(weights, passages, kept);
    if (!this.file.trained) await this.train(weights, trials);
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
    const isOlder = ({ stretch }: Trial): boolean => stretch >= file.aside.length;
    const { accepted, reason, scores } = judge({ before, after, tuning, isOlder });
    const name = `${file.by}-${new Date().toISOString().slice(0, 10)}`;
    const { init: _, ...learned } = adaptRecipe(this.file.config, { seed: this.site.seed, init: weights });
    const config = { ...withLength(learned, this.file.trainMinutes ?? 0), share: best.share };
    const model = { number: file.number, name, parent: file.parent, config, accepted, reason };
    const metrics = folder.at(...NEXT, "run", RUN_FILES.metrics);
    return addModel(folder, { ...model, scores: { ...scores, share: best.share } }, best.path, metrics);
  }

  /** Passages in which tuning labels can be measured. */
  private async labelled(): Promise<{ passages: LabelledPassage[]; masks: SiteMasks }> {
    const split = await readSplit(this.folder);
    const labels = withoutVerdict(await siteLabels(this.folder, this.site, split, this.context.logger));
    const masks = new SiteMasks(labels);
    return { passages: tunedPassages(await labelledPassages(labels, split.passages, masks)), masks };
  }

  /** Scores of weights in trials; those that are kept are not measured again. */
  private async scored(
    name: string,
    weights: string,
    { kept, trials, asked }: { kept: KeptScores; trials: Trials; asked: readonly Trial[] },
  ): Promise<TrialScore[]> {
    const setting = { tracker: this.site.tracker, kept, trials, context: this.context };
    const { scores, seconds } = await scoreTrials({ name, weights }, asked, setting);
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
    const id = await scoredAs(weights, this.site.tracker);
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

  /** Learns, or goes on learning. @throws the signal's reason where it was stopped */
  private async train(weights: string, trials: Trials): Promise<void> {
    const folder = this.folder.at(...NEXT, "run");
    const { variant } = await readEncoderWeights(weights);
    const trainMinutes = this.file.trainMinutes ?? this.learningMinutes(trials);
    this.file = { ...this.file, trainMinutes };
    await writeAdapt(this.folder, this.file);
    const { learn, replay } = this.file;
    const recipe = adaptRecipe(this.file.config, { seed: this.site.seed, init: weights });
    const config = trainingConfig(withLength({ ...recipe, variant }, trainMinutes));
    const score: Score | undefined = this.isWatched(trainMinutes)
      ? (learned) => cycleOf(learned, trials, WATCHED, this.context)
      : undefined;
    const stretches = [...learn, ...replay];
    await learnStretches({ folder, config, stretches, cache: this.cache, score }, this.context);
    this.file = { ...this.file, trained: true };
    await writeAdapt(this.folder, this.file);
  }

  /** Whether a score is watched while it learns: where that takes long, or how often was said. */
  private isWatched(minutes: number): boolean {
    const { sampleMinutes, steps } = this.file.config;
    return sampleMinutes !== undefined || (steps === undefined && minutes > SCORE_MINUTES);
  }

  /** What is left of the time after comparing, which is known from the model in use. */
  private learningMinutes(trials: Trials): number {
    const { minutes } = this.file;
    const watching = this.isWatched(minutes) ? (2 + minutes / SCORE_MINUTES) / trials.all.length : 0;
    const comparing = ((1 + SHARES.length / 2 + 1 / 2 + watching) * this.seconds) / 60;
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
