/**
 * @file Tunes a site's settings of tracking: many are tried on a few tests, the best on more, and what is left is compared
 * with the usual settings on tests that chose nothing. Tests are clips made of the footage, whose truth is known, or
 * tuning labels once there are enough. What was measured is kept: stopped or killed, the same command resumes.
 */
import { createHash } from "node:crypto";
import { paretoChart } from "../../charts/paretoChart.ts";
import { writeChart } from "../../charts/lineChart.ts";
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { UserError } from "../../core/errors.ts";
import { KeptScores } from "../../site/adapt/adaptFile.ts";
import { refusedByCheck, testStretches } from "../../site/adapt/material.ts";
import { Trials, type TrialRun, type TrialSetup } from "../../site/adapt/trials.ts";
import { tuningScores } from "../../site/adapt/tuningLabels.ts";
import { presentClips } from "../../site/footage.ts";
import { siteLabels, SiteMasks, withoutVerdict } from "../../site/labels.ts";
import { modelFolder, modelInUse, sha256, wholeWeights } from "../../site/models.ts";
import { readSplit } from "../../site/plan/planSite.ts";
import { readCheck } from "../../site/report/evidence.ts";
import { type LabelledPassage, labelledPassages } from "../../site/runPlan.ts";
import type { Site, SiteClip, SitePreset } from "../../site/siteFile.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { tuneChoices, type TuneChoice, USUAL } from "../../site/tune/grid.ts";
import {
  choose,
  comparableScore,
  FINALISTS,
  halved,
  speedOf,
  type Tested,
  type TestResult,
  testsNeeded,
} from "../../site/tune/tuning.ts";
import { meanOf } from "../../metrics/statistics.ts";
import { openWeights } from "../settings/encoder.ts";
import { modeOf, protocolOf } from "../settings/protocol.ts";
import type { RunContext } from "../task.ts";
import { settingsOf } from "./trialSetup.ts";

/** What is wanted. */
export interface TuneWishes {
  /** For everything; fewer settings are tried where there is less time. */
  readonly minutes: number;
  /** Frames a second that tracking must make here; undefined: any. */
  readonly fps?: number | undefined;
  /** Go back to the usual settings instead. */
  readonly usual: boolean;
}

/** One row of what was tried. */
export interface TriedSettings {
  readonly name: string;
  readonly settings: SitePreset["tracker"];
  /** See `comparableScore`. */
  readonly score: number;
  readonly framesPerSecond: number;
  readonly tests: number;
}

/** What became of it. */
export interface TuneSiteResult {
  /** In use now; null: the usual settings. */
  readonly preset: SitePreset | null;
  readonly reason: string;
  /** What settings were tested on; null where nothing was tested. */
  readonly by: "made clips" | "tuning labels" | null;
  readonly tried: readonly TriedSettings[];
  /** Speed against score; null where nothing was tested. */
  readonly picture: string | null;
  readonly seconds: number;
}

/** A test of settings. */
interface Test {
  readonly key: string;
  readonly index: number;
  readonly run: (setup: TrialSetup) => Promise<TrialRun>;
}

/** As many passages with tuning labels, and labels in all, are enough to be tuned on. */
const ENOUGH_PASSAGES = 8;
/** Fewer tests cannot tell settings apart. */
const LEAST_TESTS = 4;

/**
 * @throws UserError `site/missing`, `site/footage`, `site/too-little`, `site/weights`, `lock/busy`, those of tracking; the
 * signal's reason
 */
export async function tuneSite(root: string, wishes: TuneWishes, context: RunContext): Promise<TuneSiteResult> {
  const folder = new SiteFolder(root);
  await folder.read();
  await using _ = await folder.lock();
  const site = await folder.read();
  if (wishes.usual) return backToUsual(folder, site);
  return await new Tuning(folder, site, wishes, context).run();
}

async function backToUsual(folder: SiteFolder, site: Site): Promise<TuneSiteResult> {
  const reason =
    site.preset === null ? "the usual settings were in use already" : `${site.preset.name} is no longer used`;
  if (site.preset !== null) {
    await folder.write({ ...site, preset: null });
    await folder.note("tune", { preset: null, before: site.preset.name, reason: "as asked" });
  }
  return { preset: null, reason, by: null, tried: [], picture: null, seconds: 0 };
}

class Tuning {
  private readonly folder: SiteFolder;
  private readonly site: Site;
  private readonly wishes: TuneWishes;
  private readonly context: RunContext;
  private readonly begin = performance.now();

  constructor(folder: SiteFolder, site: Site, wishes: TuneWishes, context: RunContext) {
    this.folder = folder;
    this.site = site;
    this.wishes = wishes;
    this.context = context;
  }

  async run(): Promise<TuneSiteResult> {
    const { folder, site, context } = this;
    const weights = await wholeWeights(folder, await modelInUse(folder, site));
    const kept = await KeptScores.open(folder, "tune", "scores.json");
    const clips = await this.clips();
    const { by, tests } = await this.tests(clips);
    // What chooses cannot judge: halving sees every other test, the last comparison the others.
    const choosing = tests.filter((_, i) => i % 2 === 0);
    const judging = tests.filter((_, i) => i % 2 === 1);
    await using encoder = await openWeights({ weights, motion: true }, context.machine);
    const digest = await sha256(weights);
    let done = 0;
    let total = tests.length;
    const test = async (choice: TuneChoice, { key, index, run }: Test): Promise<TestResult> => {
      context.signal.throwIfAborted();
      context.logger.progress(`${choice.name}: test ${++done} of about ${total}${this.left(done, total)}`);
      const settings = settingsOf({ ...site.tracker, ...choice.tracker });
      const setup = {
        encoder,
        protocol: protocolOf(settings),
        mode: modeOf(settings),
        threads: context.machine.threads,
      };
      const id = createHash("sha256")
        .update(JSON.stringify([digest, settings]))
        .digest("hex")
        .slice(0, 16);
      let found: TrialRun | undefined;
      const measured = async (): Promise<TrialRun> => (found ??= await run(setup));
      const framesPerSecond = await kept.of(id, `${key} frames/s`, async () => {
        const { frames, seconds } = await measured();
        return frames / seconds;
      });
      const score = await kept.of(id, key, async () => (await measured()).score);
      return { test: index, score, framesPerSecond };
    };
    // The first test also prepares the encoder.
    const usual: TestResult[] = [];
    const before = performance.now();
    for (const one of tests) usual.push(await test(USUAL, one));
    const each = (performance.now() - before) / 1000 / tests.length;
    const choices = this.affordable(clips, each, choosing.length, judging.length);
    total = tests.length + testsNeeded(choices.length, choosing.length) + FINALISTS * judging.length;
    const { fps = 0 } = this.wishes;
    const { finalists, all } = await halved(choices, choosing.length, fps, (choice, i) => test(choice, choosing[i]));
    const compared: Tested<TuneChoice>[] = [];
    for (const { choice } of finalists) {
      const results: TestResult[] = [];
      for (const one of judging) results.push(await test(choice, one));
      compared.push({ choice, results });
    }
    const own = { choice: USUAL, results: usual.filter((_, i) => i % 2 === 1) };
    const { choice, reason } = choose(compared, own, fps);
    const tried = [{ choice: USUAL, results: usual }, ...all].map((one) => withJudged(one, compared));
    return this.finished(choice, reason, by, tried);
  }

  private async finished(
    choice: TuneChoice | undefined,
    reason: string,
    by: "made clips" | "tuning labels",
    tested: readonly Tested<TuneChoice>[],
  ): Promise<TuneSiteResult> {
    const { folder, site } = this;
    const [usual] = tested;
    const number = (await folder.history()).filter(({ what }) => what === "tune").length + 1;
    const preset = choice === undefined ? null : { name: `tuned-${number}`, tracker: choice.tracker };
    const tried = tested.map((one): TriedSettings => ({
      name: one.choice.name,
      settings: one.choice.tracker,
      score: comparableScore(one, usual),
      framesPerSecond: speedOf(one),
      tests: one.results.length,
    }));
    const picture = folder.at("tune", "tradeoff");
    const points = tested.map((one) => ({
      name: one.choice.name,
      group: one.choice.group,
      x: speedOf(one),
      y: comparableScore(one, usual),
    }));
    const axes = {
      x: "frames a second on this machine →",
      y: by === "made clips" ? "↑ J late in made clips" : "↑ IoU on tuning labels",
    };
    await writeChart(
      picture,
      paretoChart(
        points.filter(({ x, y }) => x > 0 && Number.isFinite(y)),
        axes,
      ),
    );
    const seconds = (performance.now() - this.begin) / 1000;
    const model = modelFolder(await modelInUse(folder, site));
    const result = { preset, reason, by, tried, picture: `${picture}.svg`, seconds };
    await folder.writeJson(["tune", "tune.json"], { format: 1, model, wishes: this.wishes, ...result });
    await folder.write({ ...site, preset });
    const scores = tried.slice(0, 1 + FINALISTS);
    await folder.note("tune", {
      preset: preset?.name ?? null,
      before: site.preset?.name ?? null,
      reason,
      by,
      model,
      scores,
    });
    return result;
  }

  private left(done: number, total: number): string {
    const seconds = (performance.now() - this.begin) / 1000;
    return done < 3 ? "" : `, about ${duration((seconds / done) * Math.max(0, total - done))} left`;
  }

  /** As many as there is time for, in the order of the grid. */
  private affordable(clips: readonly SiteClip[], each: number, choosing: number, judging: number): TuneChoice[] {
    const { logger } = this.context;
    const shortSide = Math.min(...clips.map(({ width, height }) => Math.min(width, height)));
    const all = tuneChoices(shortSide, this.site.tracker);
    const spent = (performance.now() - this.begin) / 1000;
    const costs = (count: number): number => each * (testsNeeded(count, choosing) + FINALISTS * judging);
    const count = all.findLastIndex((_, i) => spent + costs(i + 1) <= 60 * this.wishes.minutes) + 1;
    const used = all.slice(0, Math.max(FINALISTS, count));
    if (count < all.length)
      logger.info(
        `there is time for ${counted(used.length, "setting")} of ${all.length}; all take about ${duration(spent + costs(all.length))}`,
      );
    return used;
  }

  /** Those that are there and that the check did not refuse; all, where it refused all of them. */
  private async clips(): Promise<readonly SiteClip[]> {
    const present = await presentClips(this.site.footage, this.context.logger);
    const { kept } = refusedByCheck(present, await readCheck(this.folder));
    return kept.length > 0 ? kept : present;
  }

  /** @throws UserError `site/too-little` */
  private async tests(clips: readonly SiteClip[]): Promise<{ by: "made clips" | "tuning labels"; tests: Test[] }> {
    const { logger, signal } = this.context;
    const split = await readSplit(this.folder);
    const labels = withoutVerdict(await siteLabels(this.folder, this.site, split, logger));
    const masks = new SiteMasks(labels);
    const present = new Set(clips.map(({ key }) => key));
    const labelled = (await labelledPassages(labels, split.passages, masks)).filter(
      ({ given, passage }) =>
        present.has(passage.clip) && given.length > 1 && given.every(({ kind }) => kind === "mask"),
    );
    if (labelled.length >= ENOUGH_PASSAGES)
      return {
        by: "tuning labels",
        tests: await Promise.all(labelled.map((one, i) => labelTest(one, i, masks, signal))),
      };
    const stretches = testStretches(clips, this.site.seed);
    if (stretches.length < LEAST_TESTS) throw tooLittle(stretches.length);
    const shortSide = Number.POSITIVE_INFINITY;
    const trials = await Trials.read(stretches, { shortSide, seed: this.site.seed }, { logger, signal });
    const tests = stretches.map(({ clip, start }, stretch) => ({
      key: `made ${clip} ${start}`,
      index: stretch,
      run: (setup: TrialSetup) => trials.run({ stretch, kind: "made" }, setup, signal),
    }));
    return { by: "made clips", tests };
  }
}

/** A passage with its tuning labels. Labels that change make it another test. */
async function labelTest(
  labelled: LabelledPassage,
  index: number,
  masks: SiteMasks,
  signal: AbortSignal,
): Promise<Test> {
  const { given, passage } = labelled;
  const last = Math.max(...given.map(({ frame }) => frame));
  const hashes = await Promise.all(given.map(async ({ frame, path }) => `${frame} ${await sha256(path)}`));
  return {
    key: [passage.key, ...hashes].join(" "),
    index,
    async run(setup) {
      const begin = performance.now();
      const scores = await tuningScores(labelled, masks, setup, signal);
      const seconds = (performance.now() - begin) / 1000;
      return { score: meanOf([...scores.values()]), frames: last - given[0].frame + 1, seconds };
    },
  };
}

/** With the tests of the last comparison. */
function withJudged(tested: Tested<TuneChoice>, compared: readonly Tested<TuneChoice>[]): Tested<TuneChoice> {
  const judged = compared.find(({ choice }) => choice === tested.choice);
  return judged === undefined ? tested : { ...tested, results: [...tested.results, ...judged.results] };
}

function tooLittle(stretches: number): UserError {
  return new UserError("site/too-little", {
    what: "the site has too little footage to tell settings apart",
    got: `${stretches} stretches of 10 frames or more`,
    expected: `at least ${LEAST_TESTS}`,
    todo: "add footage with tsumugi site init SITE --footage PATHS",
  });
}
