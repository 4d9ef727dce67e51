/**
 * @file The task `evaluate` of `adaptation`: what learning on a site is worth, on rendered clips whose truth is exact and
 * only judges. Trials: one look each, footage that nothing can be learned from among them. A stream: a watched site meets
 * one look after another; beside it the same learning without replay, mix and acceptance.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { type Logger, silent } from "../../core/log.ts";
import { observeAll } from "../../evaluation/confidence/confidenceBenchmark.ts";
import { objectsIn, sequenceScorer, sequenceStatistics } from "../../metrics/davis.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import { initSite } from "../../site/initSite.ts";
import { modelInUse, wholeWeights } from "../../site/models.ts";
import { adaptRecipe, withLength } from "../../site/adapt/recipe.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import type { LabelledFrame } from "../../synthetic/productionLine.ts";
import { BAD_LOOKS, renderSiteLook, SITE_LOOKS, type SiteLook } from "../../synthetic/siteLooks.ts";
import { propagateMasks } from "../../tracking/propagation.ts";
import { trainingConfig } from "../../training/config.ts";
import { startTraining } from "../../training/trainer.ts";
import { frameList } from "../../video/frameList.ts";
import { encodeJpeg } from "../../video/writing/jpeg.ts";
import { adaptLocked } from "../site/adaptSite.ts";
import { openTrialSetup } from "../site/trialSetup.ts";
import { watchSite } from "../site/watchSite.ts";
import { writeJson } from "../settings/scores.ts";
import type { RunContext } from "../task.ts";
import type { AdaptationSettings } from "./evaluateSchema.ts";

/** J&F by look. */
export type LookScores = Readonly<Partial<Record<SiteLook, number>>>;

/** An adaptation on one look. */
export interface AdaptationTrial {
  readonly trial: number;
  readonly look: SiteLook;
  readonly accepted: boolean;
  readonly reason: string;
  /** J&F on clips of the look that nothing was learned from and nothing was judged by; `learned`: had it been used. */
  readonly before: number;
  readonly learned: number;
}

/** What there is after a look has arrived. */
export interface StreamPhase {
  readonly arrived: SiteLook;
  /** Undefined where it did not learn. */
  readonly accepted?: boolean;
  readonly why: string;
  /** Of the site's model, and of plain fine-tuning, on clips of every look so far. */
  readonly watched: LookScores;
  readonly plain: LookScores;
}

/** All numbers. */
export interface AdaptationOutcome {
  readonly benchmark: "adaptation";
  readonly trials: readonly AdaptationTrial[];
  /** The first is before anything was learned. */
  readonly phases: readonly StreamPhase[];
}

/** Of the clips. */
const SIZE = { width: 224, height: 128, frames: 24 };
/** Clips of a trial to learn from, to judge by, and whose truth is scored. */
const LEARN = 10;
const ASIDE = 8;
const SCORED = 3;
/** Recordings of a look in the stream, each as long as two clips: enough for it to learn. */
const RECORDINGS = 9;
/** What is learned from is never scored: seeds of scored clips begin here. */
const SCORED_SEED = 500_000;

/** @throws UserError those of adapting, tracking and writing; the signal's reason */
export async function evaluateAdaptation(task: AdaptationSettings, context: RunContext): Promise<AdaptationOutcome> {
  const { out, minutes, config, seed, stream } = task;
  const { logger, signal } = context;
  const options = { out, identity: { minutes, config, seed, size: SIZE }, logger, signal };
  const looks = [...SITE_LOOKS.slice(1), ...BAD_LOOKS];
  const trialOf = (name: string): Promise<AdaptationTrial[]> => {
    const trial = Number(name.split("-")[1]);
    const look = looks[(trial - 1) % looks.length];
    return new Bench(task, join(out, "work", name), context).trial(trial, look);
  };
  const names = Array.from({ length: task.trials }, (_, i) => `trial-${i + 1}`);
  const trials = await observeAll(names, trialOf, options);
  const streamed = (name: string): Promise<StreamPhase[]> => new Bench(task, join(out, "work", name), context).stream();
  const phases = stream ? await observeAll(["stream"], streamed, options) : [];
  const outcome: AdaptationOutcome = { benchmark: "adaptation", trials, phases };
  await writeJson(join(out, "adaptation.json"), { ...outcome, settings: options.identity });
  return outcome;
}

/** One trial or stream, with a folder of its own. */
class Bench {
  private readonly task: AdaptationSettings;
  private readonly root: string;
  private readonly context: RunContext;
  /** Small talk of the steps is left out. */
  private readonly quiet: RunContext;
  private readonly scored = new Map<SiteLook, readonly (readonly LabelledFrame[])[]>();

  constructor(task: AdaptationSettings, root: string, context: RunContext) {
    this.task = task;
    this.root = root;
    this.context = context;
    const { logger } = context;
    const quiet: Logger = { ...silent, progress: (line) => logger.progress(line) };
    this.quiet = { ...context, logger: quiet };
  }

  /** Learns from clips of one look, judges without labels, and asks the truth what that was worth. */
  async trial(trial: number, look: SiteLook): Promise<AdaptationTrial[]> {
    const seed = 10_000 * this.task.seed + 100 * trial;
    const clips = await this.render(join(this.root, "line"), look, { seed, count: LEARN + ASIDE, frames: SIZE.frames });
    const folder = await this.site(clips);
    const stretches = clips.map((path, i) => ({ clip: `${i}`, path, start: 0, end: SIZE.frames }));
    const { minutes, config } = this.task;
    const wishes = { minutes, config, anew: false, cache: join(this.root, "cache") };
    const old = await this.weights(folder);
    const { model } = await this.locked(folder, () =>
      adaptLocked(folder, wishes, this.quiet, async () => ({
        by: "adapted",
        learn: stretches.slice(0, LEARN),
        replay: [],
        aside: stretches.slice(LEARN),
        older: [],
        leftOut: [],
      })),
    );
    // Also of a model that was refused: was that right?
    const learned = await this.jf(look, await wholeWeights(folder, model));
    const before = await this.jf(look, old);
    await rm(this.root, { recursive: true, force: true });
    return [{ trial, look, accepted: model.accepted, reason: model.reason, before, learned }];
  }

  /** A site that knows the day is watched while the other looks arrive. */
  async stream(): Promise<StreamPhase[]> {
    const { seed, minutes, config } = this.task;
    const [day, ...others] = SITE_LOOKS;
    const footage = { count: RECORDINGS, frames: 2 * SIZE.frames };
    // What an earlier run left is of no use: plain fine-tuning cannot go on in the middle.
    await rm(this.root, { recursive: true, force: true });
    const known = await this.render(join(this.root, day), day, { ...footage, seed: 20_000 * seed });
    const folder = await this.site(known);
    let plain = await this.weights(folder);
    const first = await this.scores([day], plain);
    const phases: StreamPhase[] = [{ arrived: day, why: "the site as it was", watched: first, plain: first }];
    const arriving = join(this.root, "arriving");
    for (const [i, look] of others.entries()) {
      const paths = await this.render(join(arriving, look), look, { ...footage, seed: 20_000 * seed + 1000 * (i + 1) });
      const wishes = { every: 1, once: true, settle: 0, minutes, includePoor: true, config };
      const { models, why } = await watchSite(folder.root, { ...wishes, from: [arriving] }, this.quiet);
      const model = models.at(-1);
      plain = await this.fineTuned(plain, paths, Number(model?.config["minutes"] ?? minutes / 2));
      const seen = SITE_LOOKS.slice(0, i + 2);
      phases.push({
        arrived: look,
        ...(model !== undefined && { accepted: model.accepted }),
        why: model?.reason ?? why,
        watched: await this.scores(seen, await this.weights(folder)),
        plain: await this.scores(seen, plain),
      });
    }
    await rm(this.root, { recursive: true, force: true });
    return phases;
  }

  /** Goes on learning from new footage alone, and keeps whatever comes of it. */
  private async fineTuned(weights: string, paths: readonly string[], minutes: number): Promise<string> {
    const { variant } = await readEncoderWeights(weights);
    const recipe = adaptRecipe(this.task.config, { seed: this.task.seed, init: weights });
    const config = trainingConfig(withLength({ ...recipe, variant }, minutes));
    const folder = join(this.root, `plain-${paths.length === 0 ? "" : paths[0].split("/").at(-2)}`);
    const { machine, signal, logger } = this.quiet;
    const told: Logger = { ...logger, progress: (line) => logger.progress(`plain fine-tuning: ${line}`) };
    const cache = join(this.root, "cache");
    const { finished, weights: learned } = await startTraining(config, paths, {
      folder,
      cache,
      ...machine,
      signal,
      logger: told,
    });
    if (!finished) signal.throwIfAborted();
    return learned;
  }

  private async site(clips: readonly string[]): Promise<SiteFolder> {
    const folder = join(this.root, "site");
    const { logger, signal } = this.quiet;
    const { seed } = this.task;
    await initSite({ folder, footage: clips, targets: [], prices: {}, objects: {}, tracker: {}, seed, logger, signal });
    return new SiteFolder(folder);
  }

  private async locked<Result>(folder: SiteFolder, work: () => Promise<Result>): Promise<Result> {
    await using _ = await folder.lock();
    return await work();
  }

  private async weights(folder: SiteFolder): Promise<string> {
    return wholeWeights(folder, await modelInUse(folder, await folder.read()));
  }

  /** Writes clips as folders of pictures; those that are there stay. */
  private async render(
    parent: string,
    look: SiteLook,
    { seed, count, frames }: { readonly seed: number; readonly count: number; readonly frames: number },
  ): Promise<string[]> {
    const paths: string[] = [];
    for (let i = 0; i < count; i++) {
      this.context.signal.throwIfAborted();
      this.context.logger.progress(`rendering ${look}: clip ${i + 1} of ${count}`);
      const path = join(parent, `${look}-${String(i + 1).padStart(2, "0")}`);
      paths.push(path);
      // The last picture is written last.
      if (await isThere(join(path, `${String(frames - 1).padStart(5, "0")}.jpg`))) continue;
      for (const { frame } of renderSiteLook(look, { ...SIZE, frames, seed: seed + i }))
        await writeFileAtomic(join(path, `${frame.name}.jpg`), await encodeJpeg(frame));
    }
    return paths;
  }

  private async scores(looks: readonly SiteLook[], weights: string): Promise<LookScores> {
    const scores: [SiteLook, number][] = [];
    for (const look of looks) scores.push([look, await this.jf(look, weights)]);
    return Object.fromEntries(scores);
  }

  /** Mean J&F of clips of a look, by the exact truth. */
  private async jf(look: SiteLook, weights: string): Promise<number> {
    const { machine, signal, logger } = this.context;
    logger.progress(`scoring ${look} by the truth`);
    const seeds = Array.from({ length: SCORED }, (_, i) => SCORED_SEED + 10 * this.task.seed + i);
    const clips = this.scored.get(look) ?? seeds.map((seed) => [...renderSiteLook(look, { ...SIZE, seed })]);
    this.scored.set(look, clips);
    await using setup = await openTrialSetup(weights, {}, machine);
    const scores: number[] = [];
    for (const clip of clips) {
      const source = frameList(
        clip.map(({ frame }) => frame),
        `a clip of ${look}`,
      );
      const [{ labels: first }] = clip;
      const scorer = sequenceScorer(objectsIn(first), "background");
      const tracked = propagateMasks({ ...setup, source, first, firstName: "the truth of the first frame", signal });
      for await (const { frame, labels } of tracked)
        if (frame.index > 0 && frame.index < clip.length - 1) scorer.add(labels, clip[frame.index].labels);
      const { J, F } = sequenceStatistics(scorer.score());
      scores.push((J.mean + F.mean) / 2);
    }
    return meanOf(scores);
  }
}
