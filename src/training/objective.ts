/**
 * @file What a training step minimises: the losses of the parts that the configuration switches on, put together.
 * Frames stand target by target, then first references, and so on; of the P places, the first ones hold views that a
 * part cut for itself, the rest frames apart in time.
 */
import { internal } from "../core/errors.ts";
import { Random } from "../core/random.ts";
import type { Importance } from "../method/adaptiveFusionLoss.ts";
import type { Parameters } from "../method/encoder.ts";
import { type LocalAffinity, localAffinity } from "../method/localAffinity.ts";
import {
  add,
  l2Normalise,
  mul,
  type ParameterSpec,
  type ParameterValues,
  sizeOf,
  slice,
  type Tensor,
} from "../tensor/index.ts";
import { referencesOf } from "./parts/plan.ts";
import type { Rebuilt, Scene } from "./parts/scene.ts";
import { minimisedTerms, type RunParts, termsOf } from "./runParts.ts";

/** Learned parameters beside the encoder's. */
export function objectiveParameters(run: RunParts): ParameterSpec[] {
  const minimised = minimisedTerms(run).length;
  return run.active.flatMap((part) => part.parameters?.(minimised) ?? []);
}

/** First values of the parts' parameters: He's normal initialisation (fan in) for convolutions, 0 for all others. */
export function initialPartValues(specs: readonly ParameterSpec[], seed: number): ParameterValues {
  const random = new Random(seed + 1);
  const value = ({ shape }: ParameterSpec): Float32Array => {
    const deviation = shape.length === 4 ? Math.sqrt(2 / sizeOf(shape.slice(1))) : 0;
    return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal());
  };
  return new Map(specs.map((spec) => [spec.name, { shape: spec.shape, data: value(spec) }]));
}

/** The frames as the encoder sees them. Both `[N, 3, S, S]`. */
export function seenFrames({ active }: RunParts, parameters: Parameters, frames: Tensor): Tensor {
  return active.reduce((seen, part) => part.see?.(parameters, seen) ?? seen, frames);
}

/** The objective of a step. */
export interface Objective {
  /** What is minimised, a scalar. */
  readonly loss: Tensor;
  /** The losses by name, scalars. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** Further outputs to show, by name. */
  readonly shown: Readonly<Record<string, Tensor>>;
}

/**
 * Builds the objective.
 * @param features of all frames `[P(1+R), d, h, w]`, not normalised.
 * @param hidden the hidden channel of all frames `[P(1+R), 1, S, S]`.
 */
export function objective(run: RunParts, parameters: Parameters, features: Tensor, hidden: Tensor): Objective {
  const scene = new StepScene(run, { parameters, features, hidden });
  const terms = termsOf(run).map((term) => ({ ...term, value: term.loss(scene) }));
  const minimised = terms.filter(({ role }) => role === "minimised");
  const fusing = run.active.find((part) => part.fuse !== undefined);
  const main =
    fusing?.fuse?.(
      parameters,
      minimised.map(({ value }) => value),
    ) ?? minimised.map(({ value, factor = 1 }) => mul(value, factor)).reduce((a, b) => add(a, b));
  const auxiliary = terms.filter(({ role }) => role === "auxiliary");
  const written = terms.filter(({ role }) => role !== "auxiliary");
  return {
    loss: auxiliary.reduce((sum, { value }) => add(sum, value), main),
    losses: Object.fromEntries(written.map(({ name, value }) => [name, value])),
    shown: Object.assign({}, ...run.active.map((part) => part.shown?.(scene))) as Record<string, Tensor>,
  };
}

/** What a step's graph has before the parts add to it. */
type StepTensors = Pick<Scene, "parameters" | "features" | "hidden">;

class StepScene implements Scene {
  readonly parameters: Parameters;
  readonly features: Tensor;
  readonly hidden: Tensor;
  readonly compared: Tensor;
  readonly scale: number;
  private readonly run: RunParts;
  private knownAffinity: LocalAffinity | undefined;
  private knownRebuilt: Rebuilt | undefined;
  private knownImportance: Importance | undefined;

  constructor(run: RunParts, { parameters, features, hidden }: StepTensors) {
    const { similarity, temperature } = run.settings;
    const cosine = similarity === "cosine";
    this.run = run;
    this.parameters = parameters;
    this.features = features;
    this.hidden = hidden;
    this.compared = cosine ? l2Normalise(features, 1) : features;
    this.scale = cosine ? 1 / temperature : 1 / Math.sqrt(run.plan.channels);
  }

  frame(x: Tensor, r: number): Tensor {
    const { settings, plan } = this.run;
    return slice(x, 0, r * settings.pairs + plan.claimed, plan.temporal);
  }

  view(x: Tensor, r: number): Tensor {
    const { settings, plan } = this.run;
    return slice(x, 0, r * settings.pairs, plan.claimed);
  }

  get affinity(): LocalAffinity {
    return (this.knownAffinity ??= this.compare());
  }

  get rebuilt(): Rebuilt {
    return (this.knownRebuilt ??= this.rebuild());
  }

  get importance(): Importance {
    const said = (): Importance => Object.assign({}, ...this.run.active.map((part) => part.importance?.(this)));
    return (this.knownImportance ??= said());
  }

  private compare(): LocalAffinity {
    const { active, plan, settings } = this.run;
    const guide = active.find((part) => part.guide !== undefined)?.guide?.(this);
    const target = this.frame(this.compared, 0);
    const references = referencesOf(plan).map((r) => this.frame(this.compared, r));
    const { prior, shifts } = guide ?? {};
    return localAffinity(target, references, { radius: settings.radius, scale: this.scale, prior, shifts });
  }

  private rebuild(): Rebuilt {
    const rebuilt = this.run.active.find((part) => part.rebuild !== undefined)?.rebuild?.(this);
    if (rebuilt === undefined) throw internal("no part rebuilds the hidden channel");
    return rebuilt;
  }
}
