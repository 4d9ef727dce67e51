/**
 * @file A site in a federation: asks the coordinator what to do, learns from its own footage or compares weights on
 * it, and sends what it has learned or how they compare. Footage stays. Stopped or killed at any moment, the same
 * command resumes.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { DataFolder } from "../../core/dataFolder.ts";
import { UserError } from "../../core/errors.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { CoordinatorClient } from "../../federation/coordinatorClient.ts";
import type { SiteScores, Turn } from "../../federation/messages.ts";
import { bytesOfWeights } from "../../federation/weightsStore.ts";
import { readEncoderWeights } from "../../method/node/weightsFile.ts";
import { KeptScores } from "../../site/adapt/adaptFile.ts";
import type { TrialScore } from "../../site/adapt/judge.ts";
import { Trials } from "../../site/adapt/trials.ts";
import { trainingConfig } from "../../training/config.ts";
import { learnStretches } from "../site/learnStretches.ts";
import { scoreTrials } from "../site/trialScores.ts";
import { TRIAL_SIDE } from "../site/trialSetup.ts";
import type { RunContext } from "../task.ts";
import { findMaterial, inFederation, type JoinFile, siteMaterial } from "./siteState.ts";

/** What a site takes part with. */
export interface JoinWishes {
  readonly url: string;
  readonly token: string;
  readonly footage: readonly string[];
  /** The site's own folder. */
  readonly out: string;
  /** Of training in each round; default: as many as the coordinator asks for. */
  readonly steps?: number | undefined;
  /** Of decoded footage. */
  readonly cache?: string | undefined;
  /** Before a request that failed is sent again, s. */
  readonly pauseSeconds?: number | undefined;
}

/** What came of it. */
export interface JoinResult {
  /** The common weights at the end: a file in the site's folder. */
  readonly weights: string;
  /** Rounds in which the site learned, and in which its update came in time. */
  readonly learned: number;
  readonly taken: number;
  /** Rounds that ended while the site took part, with their reasons. */
  readonly rounds: readonly NonNullable<Turn["last"]>[];
}

/** Where the common weights are in the site's folder. */
const WEIGHTS = "weights.safetensors";
/** Of what trials draw at random. */
const SEED = 1;

/**
 * Takes part until all rounds are over.
 * @throws UserError `federation/*`, `service/token`, `site/too-little`, `lock/busy`, those of training and tracking;
 * the signal's reason
 */
export async function joinFederation(wishes: JoinWishes, context: RunContext): Promise<JoinResult> {
  const { logger, signal } = context;
  const material = await findMaterial(wishes.footage, context);
  const folder = new DataFolder(wishes.out, "join.lock");
  await using _ = await folder.lock();
  const client = new CoordinatorClient({ ...wishes, logger, signal });
  const file = await siteMaterial(folder, material, logger);
  return new FederatedSite(folder, file, client, wishes, context).run();
}

type Of<Do extends Turn["do"]> = Extract<Turn, { readonly do: Do }>;

class FederatedSite {
  private readonly folder: DataFolder;
  private file: JoinFile;
  private readonly client: CoordinatorClient;
  private readonly wishes: JoinWishes;
  private readonly context: RunContext;
  private readonly rounds: NonNullable<Turn["last"]>[] = [];
  private trials: Trials | undefined;
  private learned = 0;
  private taken = 0;

  constructor(folder: DataFolder, file: JoinFile, client: CoordinatorClient, wishes: JoinWishes, context: RunContext) {
    this.folder = folder;
    this.file = file;
    this.client = client;
    this.wishes = wishes;
    this.context = context;
  }

  async run(): Promise<JoinResult> {
    for (;;) {
      const turn = await this.client.turn();
      this.file = await inFederation(this.folder, this.file, turn.federation);
      this.tell(turn);
      await this.keepCommon(turn);
      if (turn.do === "end") return this.result();
      if (turn.do === "train") await this.train(turn);
      else if (turn.do === "score") await this.score(turn);
      else await this.wait(turn);
    }
  }

  private result(): JoinResult {
    return { weights: this.folder.at(WEIGHTS), learned: this.learned, taken: this.taken, rounds: this.rounds };
  }

  /** How the last round ended, once. */
  private tell({ last }: Turn): void {
    if (last === null || this.rounds.at(-1)?.round === last.round) return;
    this.rounds.push(last);
    this.context.logger.info(`round ${last.round} ${last.kept ? "kept" : "refused"}: ${last.reason}`);
  }

  private async wait({ seconds, why }: Of<"wait">): Promise<void> {
    const { logger, signal } = this.context;
    logger.progress(`waiting: ${why}`);
    await setTimeout(1000 * seconds, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }

  /**
   * The common weights for use, and as the file that rounds begin from. Files of weights that are no longer common
   * go.
   */
  private async keepCommon({ weights }: Turn): Promise<void> {
    const path = await this.weightsFile(weights);
    const names = await readdir(this.folder.at("common"));
    if (names.length === 1 && (await isThere(this.folder.at(WEIGHTS)))) return;
    await writeFileAtomic(this.folder.at(WEIGHTS), await readFile(path));
    for (const name of names)
      if (name !== `${weights}.safetensors`) await rm(this.folder.at("common", name), { force: true });
  }

  /** The path of weights; fetched where they are not there yet. */
  private async weightsFile(name: string): Promise<string> {
    const path = this.folder.at("common", `${name}.safetensors`);
    if (!(await isThere(path))) await writeFileAtomic(path, await this.client.weights(name));
    return path;
  }

  private async train(turn: Of<"train">): Promise<void> {
    const { logger } = this.context;
    const { round } = turn;
    const folder = await this.roundFolder(turn);
    const update = this.folder.at(...folder, "update.safetensors");
    if (!(await isThere(update))) {
      logger.info(`round ${round}: learning`);
      const init = await this.weightsFile(turn.weights);
      const learned = await learnStretches(
        {
          folder: this.folder.at(...folder, "run"),
          config: this.configOf(turn, init),
          stretches: this.file.learn,
          cache: this.wishes.cache,
        },
        this.context,
      );
      const { values, variant } = await readEncoderWeights(learned);
      // Without its notes: they name paths of this machine.
      await writeFileAtomic(update, bytesOfWeights({ values, variant, metadata: {} }));
    }
    this.learned++;
    await this.inTime(async () => {
      await this.client.sendUpdate(round, this.file.frames, await readFile(update));
      this.taken++;
      logger.info(`round ${round}: sent what was learned from ${this.file.frames} frames`);
    });
  }

  /** Begun for these weights; folders of other rounds are removed. */
  private async roundFolder({ round, weights }: Of<"train">): Promise<readonly string[]> {
    const name = `${String(round).padStart(4, "0")}-${weights.slice(0, 12)}`;
    const others = (await readdir(this.folder.at("rounds")).catch(() => [])).filter((other) => other !== name);
    for (const other of others) await rm(this.folder.at("rounds", other), { recursive: true, force: true });
    return ["rounds", name];
  }

  /** @throws UserError `federation/version` for keys that this version does not know, `training/config` */
  private configOf({ config, variant, seed, steps }: Of<"train">, init: string) {
    try {
      return trainingConfig({ ...config, variant, seed, init, steps: this.wishes.steps ?? steps });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        "federation/version",
        {
          what: `the coordinator asks for learning in a way that this version does not know: ${error.parts.what}`,
          todo: "use the same version of tsumugi at the coordinator and at all sites",
        },
        error,
      );
    }
  }

  private async score(turn: Of<"score">): Promise<void> {
    const { logger, signal } = this.context;
    logger.info(`round ${turn.round}: comparing`);
    this.trials ??= await Trials.read(this.file.aside, { shortSide: TRIAL_SIDE, seed: SEED }, { logger, signal });
    const kept = await KeptScores.open(this.folder, "scores.json");
    const candidate = this.folder.at("candidate.safetensors");
    await writeFileAtomic(candidate, await this.client.weights(turn.candidate));
    const before = await this.scored("the common weights", await this.weightsFile(turn.weights), kept);
    const after = await this.scored("the new ones", candidate, kept);
    const scores: SiteScores = { before, after };
    await this.inTime(() => this.client.sendScores(turn.round, scores));
  }

  private async scored(name: string, weights: string, kept: KeptScores): Promise<TrialScore[]> {
    const trials = this.trials as Trials;
    const setting = { tracker: {}, kept, trials, context: this.context };
    const { scores } = await scoreTrials({ name, weights }, trials.all, setting);
    // A trial in which there was nothing to score says nothing.
    return scores.filter(({ score }) => !Number.isNaN(score));
  }

  /** Sends something; when the round went on without it, the site takes part in the next one. */
  private async inTime(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "federation/round") throw error;
      this.context.logger.warn(`too late: ${error.parts.got ?? error.message}; going on with the next`);
    }
  }
}
