/**
 * @file The coordinator of a federation: rounds of learning at the sites from common weights, then averaging (FedAvg:
 * McMahan et al. 2017, algorithm 1, weighted by frames), then comparing at the sites. It only answers; whatever
 * happens is written down before the answer, so that it can be killed at any moment. Files: `federation.json`,
 * `weights/`, `updates/`, `weights.safetensors`.
 */
import { createHash, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DataFolder } from "../core/dataFolder.ts";
import { UserError } from "../core/errors.ts";
import type { FileLock } from "../core/fileLock.ts";
import { isThere, writeFileAtomic } from "../core/files.ts";
import type { Logger } from "../core/log.ts";
import { readEncoderWeights } from "../method/node/weightsFile.ts";
import { meanValues, type WeightedValues } from "../method/weightAverage.ts";
import { adaptRecipe } from "../site/adapt/recipe.ts";
import { DEFAULT_INIT, RANDOM_INIT, type TrainingConfig, trainingConfig } from "../training/config.ts";
import { startWeights, weightsNotes } from "../training/startWeights.ts";
import { agreement } from "./agreement.ts";
import { type Federation, FEDERATION_FORMAT, type FederationSettings, newRound, type Round } from "./federationFile.ts";
import { readFederation } from "./readFederation.ts";
import { type Hello, PROTOCOL, type SiteScores, type Turn } from "./messages.ts";
import { checkedUpdate, mostUpdateBytes, reachOf } from "./update.ts";
import { bytesOfWeights, hashOfBytes, WeightsStore } from "./weightsStore.ts";

/** How a federation is led. */
export interface CoordinatorOptions {
  /** Made where it is missing; one that holds a federation is gone on with. */
  readonly folder: string;
  readonly settings: FederationSettings;
  /** Weights to begin with: `default`, `none` (random), or a file. */
  readonly init: string;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
  /** After which a site that has nothing to do asks again. Default 5. */
  readonly pollSeconds?: number;
}

/** One federation. Its functions may be called at the same time; they run one after the other. */
export class Coordinator implements AsyncDisposable {
  /** Of an update, bytes. */
  readonly mostBytes: number;
  private readonly folder: DataFolder;
  private readonly options: Required<CoordinatorOptions>;
  private readonly lock: FileLock;
  private readonly config: TrainingConfig;
  private readonly weightsStore: WeightsStore;
  private readonly updates: WeightsStore;
  private readonly opened: number;
  private file: Federation;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(parts: {
    folder: DataFolder;
    options: Required<CoordinatorOptions>;
    lock: FileLock;
    config: TrainingConfig;
    file: Federation;
    mostBytes: number;
  }) {
    this.folder = parts.folder;
    this.options = parts.options;
    this.lock = parts.lock;
    this.config = parts.config;
    this.file = parts.file;
    this.mostBytes = parts.mostBytes;
    this.weightsStore = new WeightsStore(parts.folder.at("weights"));
    this.updates = new WeightsStore(parts.folder.at("updates"));
    this.opened = parts.options.now();
  }

  /**
   * Begins a federation, or goes on with the one in the folder.
   * @throws UserError `federation/other` for one that learns in another way, `lock/busy`, `service/data`, and those
   * of training configurations and weights
   */
  static async open(given: CoordinatorOptions): Promise<Coordinator> {
    const options = { now: Date.now, pollSeconds: 5, ...given };
    const config = await configOf(options);
    const folder = new DataFolder(options.folder, "federation.lock");
    const lock = await folder.lock();
    try {
      const start = await startWeights(config);
      const bytes = bytesOfWeights(start);
      const initial = await new WeightsStore(folder.at("weights")).add(bytes);
      const file = (await isThere(folder.at("federation.json")))
        ? sameFederation(await readFederation(folder.root), options, initial)
        : begun(options.settings, config.variant, initial);
      const coordinator = new Coordinator({
        folder,
        options,
        lock,
        config,
        file,
        mostBytes: mostUpdateBytes(start.values),
      });
      await coordinator.began();
      return coordinator;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last.catch(() => {});
    await this.lock[Symbol.asyncDispose]();
  }

  /** What there is now. */
  get state(): Federation {
    return this.file;
  }

  /** What a site is to do now. @throws UserError `federation/version` */
  turn(site: string, hello: Hello): Promise<Turn> {
    return this.inOrder(async () => {
      requireProtocol(hello);
      await this.advance();
      return this.asked(site);
    });
  }

  /**
   * Takes what a site has learned. What was taken already is taken again without a word: the answer may have been lost.
   * @param frames that it was learned from
   * @throws UserError `federation/round`, and as `checkedUpdate`
   */
  update(site: string, number: number, frames: number, bytes: Uint8Array): Promise<void> {
    return this.inOrder(async () => {
      const sha256 = hashOfBytes(bytes);
      const taken = this.file.rounds.find(({ round }) => round === number)?.updates;
      if (taken?.some((update) => update.site === site && update.sha256 === sha256) === true) return;
      await this.advance();
      const round = this.openRound(site, number, "learning");
      const base = await this.weightsStore.weights(this.file.weights);
      const { steps } = this.file.settings;
      const reach = reachOf(base.values, { learningRate: this.config.learningRate, steps });
      const { values, norm, factor } = await checkedUpdate(bytes, base.values, reach);
      const stored = await this.updates.add(bytesOfWeights({ ...base, values }));
      const update = { site, sha256, stored, frames, norm, factor };
      if (factor < 1) this.options.logger.warn(`round ${number}: the update of ${site} went too far, and was clipped`);
      await this.save({ ...round, updates: [...round.updates.filter((other) => other.site !== site), update] });
      await this.advance();
    });
  }

  /** Takes a site's scores. @throws UserError `federation/round` */
  scores(site: string, number: number, scores: SiteScores): Promise<void> {
    return this.inOrder(async () => {
      const taken = this.file.rounds.find(({ round }) => round === number)?.scores;
      if (taken?.some((one) => one.site === site) === true) return;
      await this.advance();
      const round = this.openRound(site, number, "comparing");
      await this.save({ ...round, scores: [...round.scores, { site, ...scores }] });
      await this.advance();
    });
  }

  /** A file of weights that a turn named. @throws UserError `federation/missing` */
  weights(name: string): Promise<Uint8Array> {
    return this.weightsStore.bytes(name);
  }

  private get round(): Round {
    return this.file.rounds[this.file.rounds.length - 1];
  }

  private async began(): Promise<void> {
    await this.write();
    await this.tidy();
    await this.advance();
  }

  private inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    const now = this.last.catch(() => {}).then(work);
    this.last = now;
    return now;
  }

  private async asked(site: string): Promise<Turn> {
    const { round } = this;
    const { id, weights, variant, settings } = this.file;
    const always = { federation: id, weights, last: this.lastEnded() };
    if (isOver(round)) return { do: "end", ...always };
    if (answeredIn(round).includes(site))
      return { do: "wait", ...always, seconds: this.options.pollSeconds, why: this.whyWaiting() };
    await this.begins(site);
    if (round.phase === "comparing")
      return { do: "score", ...always, round: round.round, candidate: round.candidate as string };
    const { steps, seed } = settings;
    const learning = { variant, steps, seed: seedOf(seed, round.round, site), config: toldConfig(this.config) };
    return { do: "train", ...always, round: round.round, ...learning };
  }

  private lastEnded(): Turn["last"] {
    const ended = this.file.rounds.findLast(isOver);
    return ended === undefined
      ? null
      : { round: ended.round, kept: ended.phase === "kept", reason: ended.reason ?? "" };
  }

  private whyWaiting(): string {
    const { round } = this;
    const { minimumSites } = this.file.settings;
    const answered = answeredIn(round).length;
    if (answered < minimumSites) return `${answered} of at least ${minimumSites} sites are done`;
    return `${awaitedIn(round).length} more sites are not done; the round goes on without them when its time is over`;
  }

  private async begins(site: string): Promise<void> {
    const { round } = this;
    if (!round.begun.some((one) => one.site === site))
      await this.save({ ...round, begun: [...round.begun, { site, time: this.options.now() }] });
  }

  /** @throws UserError `federation/round` */
  private openRound(site: string, number: number, phase: "learning" | "comparing"): Round {
    const { round } = this;
    const isOpen = round.round === number && round.phase === phase;
    if (isOpen && round.begun.some((one) => one.site === site)) return round;
    throw new UserError("federation/round", {
      what: `round ${number} takes nothing for ${phase} from ${site}`,
      got: isOpen ? "a site that was not asked" : `round ${round.round}, ${round.phase}`,
      todo: "ask what to do now: the site takes part in what comes next",
    });
  }

  /** Ends what is over. */
  private async advance(): Promise<void> {
    while (this.isDone()) await (this.round.phase === "learning" ? this.average() : this.decide());
  }

  private isDone(): boolean {
    const { round } = this;
    if (isOver(round) || answeredIn(round).length < this.file.settings.minimumSites) return false;
    return awaitedIn(round).length === 0 || this.options.now() >= this.deadline(round);
  }

  /** From when enough sites have begun; sites that waited for a coordinator that was away get all of it again. */
  private deadline({ begun }: Round): number {
    const { minimumSites, deadlineMinutes } = this.file.settings;
    const times = begun.map(({ time }) => time).sort((a, b) => a - b);
    return Math.max(times[minimumSites - 1] ?? Infinity, this.opened) + 60_000 * deadlineMinutes;
  }

  /** FedAvg, in the order of the sites' names: whoever was faster changes nothing. */
  private async average(): Promise<void> {
    const { round } = this;
    const updates = round.updates.toSorted((a, b) => (a.site < b.site ? -1 : 1));
    const frames = updates.reduce((sum, update) => sum + update.frames, 0);
    const all: WeightedValues[] = [];
    for (const update of updates) {
      const { values } = await this.updates.weights(update.stored);
      all.push({ values, share: update.frames / frames });
    }
    const values = meanValues(all as [WeightedValues, ...WeightedValues[]]);
    const metadata = weightsNotes(this.config, round.round * this.file.settings.steps);
    const { variant } = this.config;
    const candidate = await this.weightsStore.add(bytesOfWeights({ variant, values, metadata }));
    this.options.logger.info(`round ${round.round}: averaged ${updates.length} updates of ${frames} frames`);
    const expected = updates.map(({ site }) => site);
    await this.save({ ...round, phase: "comparing", candidate, expected, begun: [] });
  }

  private async decide(): Promise<void> {
    const { round } = this;
    const { kept, reason, gains } = agreement(round.scores.toSorted((a, b) => (a.site < b.site ? -1 : 1)));
    this.options.logger.info(`round ${round.round}: ${kept ? "kept" : "refused"}, ${reason}`);
    const ended: Round = {
      ...round,
      phase: kept ? "kept" : "refused",
      reason,
      gains: [...gains],
      ended: new Date(this.options.now()).toISOString(),
    };
    if (kept && round.candidate !== null) this.file = { ...this.file, weights: round.candidate };
    const rounds = [...this.file.rounds.slice(0, -1), ended];
    this.file = { ...this.file, rounds: withNext(rounds, this.file.settings) };
    await this.write();
    await this.tidy();
  }

  /** Replaces the round under way. */
  private async save(round: Round): Promise<void> {
    this.file = { ...this.file, rounds: [...this.file.rounds.slice(0, -1), round] };
    await this.write();
  }

  private write(): Promise<void> {
    return this.folder.writeJson(["federation.json"], this.file);
  }

  /** Weights for use, and no files that nothing names. */
  private async tidy(): Promise<void> {
    const { initial, weights, rounds } = this.file;
    const candidates = rounds.flatMap(({ phase, candidate }) => (phase === "refused" ? [] : [candidate]));
    await this.weightsStore.keepOnly(new Set([initial, weights, ...candidates].filter((name) => name !== null)));
    await this.updates.keepOnly(new Set(this.round.updates.map(({ stored }) => stored)));
    await writeFileAtomic(this.folder.at("weights.safetensors"), await this.weightsStore.bytes(weights));
  }
}

function isOver({ phase }: Round): boolean {
  return phase === "kept" || phase === "refused";
}

/** Sites that have done what the phase asks. */
function answeredIn({ phase, updates, scores }: Round): string[] {
  return (phase === "learning" ? updates : scores).map(({ site }) => site);
}

/** Sites that are expected to do it still. */
function awaitedIn(round: Round): string[] {
  const answered = answeredIn(round);
  const asked = new Set([...round.expected, ...round.begun.map(({ site }) => site)]);
  return [...asked].filter((site) => !answered.includes(site));
}

/** The next round after those that are over, if there is one. */
function withNext(rounds: readonly Round[], settings: FederationSettings): Round[] {
  const last = rounds[rounds.length - 1];
  if (!isOver(last) || rounds.length >= settings.rounds) return [...rounds];
  return [
    ...rounds,
    newRound(
      last.round + 1,
      last.scores.map(({ site }) => site),
    ),
  ];
}

/** All keys that are the same at all sites: one with other defaults learns alike, or says that it cannot. */
function toldConfig({ init: _init, seed: _seed, steps: _steps, variant: _variant, ...config }: TrainingConfig) {
  return config;
}

/** Different at each site and in each round, or all would draw the same places and augmentations. */
function seedOf(seed: number, round: number, site: string): number {
  return (
    createHash("sha256")
      .update(JSON.stringify([seed, round, site]))
      .digest()
      .readUInt32BE() >>> 1
  );
}

function requireProtocol({ protocol, version }: Hello): void {
  if (protocol === PROTOCOL) return;
  throw new UserError("federation/version", {
    what: "the site speaks another version of what sites and coordinator say to each other",
    got: `${protocol} (tsumugi ${version})`,
    expected: String(PROTOCOL),
    todo: "use the same version of tsumugi at the coordinator and at all sites",
  });
}

/** @throws UserError `training/config`, and those of weights */
async function configOf({ settings, init }: CoordinatorOptions): Promise<TrainingConfig> {
  const { seed, steps, config } = settings;
  const isFile = init !== DEFAULT_INIT && init !== RANDOM_INIT;
  const own = isFile ? { variant: (await readEncoderWeights(init)).variant, ...config } : config;
  return trainingConfig({ ...adaptRecipe(own, { seed, init }), steps });
}

function begun(settings: FederationSettings, variant: string, initial: string): Federation {
  return {
    format: FEDERATION_FORMAT,
    id: randomBytes(8).toString("hex"),
    made: new Date().toISOString(),
    variant,
    settings,
    initial,
    weights: initial,
    rounds: [newRound(1, [])],
  };
}

/** What all rounds have in common. */
function learningOf({ steps, seed, config }: FederationSettings): Partial<FederationSettings> {
  return { steps, seed, config };
}

/** What may change is how many rounds there are, and what each waits for. @throws UserError `federation/other` */
function sameFederation(file: Federation, { settings, folder }: CoordinatorOptions, initial: string): Federation {
  const [is, asked] = [learningOf(file.settings), learningOf(settings)];
  if (initial !== file.initial || !isDeepStrictEqual(is, asked))
    throw new UserError("federation/other", {
      what: `${folder} holds a federation that learns in another way`,
      got: initial === file.initial ? JSON.stringify(asked) : "other weights to begin with",
      expected: initial === file.initial ? JSON.stringify(is) : "those that it began with",
      todo: "give the options that it was begun with, or another folder",
    });
  return { ...file, settings, rounds: withNext(file.rounds, settings) };
}
