/**
 * @file Maps the names in third-party checkpoints to the encoder's (torchvision's ResNet names).
 * Known layouts: torchvision ResNet-18; DataParallel (`module.`); CRW (`encoder.model.conv1.1.weight`, where the `.1`
 * comes from a reflection padding in front of the convolution, and `selfsim_fc.*`:
 * https://github.com/ajabri/videowalk).
 */
import { UserError } from "../core/errors.ts";
import type { NamedTensor, StateDict } from "./tensors.ts";

const PREFIX = /^(module|encoder|model|backbone|net)\./;
/**
 * Parameters that encoders of the same family have and a variant may lack: classifier, projection, last stage, step
 * counters.
 */
const DISPENSABLE = /^(fc|selfsim_\w+|layer4)\.|\.num_batches_tracked$/;
const LISTED = 3;

/**
 * The tensors that the encoder expects, under its names and in its order. Prefixes (`module.`, `encoder.`, `model.`,
 * `backbone.`, `net.`) are stripped; `fc.*`, `selfsim_*`, `layer4.*` and `num_batches_tracked` are dropped where the
 * encoder has no such parameter.
 * @param expected name to shape of every parameter of the encoder.
 * @param source the name of the weights in messages, for example the path and the variant.
 * @throws UserError `weights/mismatch` that names the first missing, unexpected and wrongly shaped tensors together;
 * `weights/ambiguous` when two tensors get the same name.
 */
export function toEncoderNames(
  state: StateDict,
  expected: ReadonlyMap<string, readonly number[]>,
  source: string,
): StateDict {
  const renamed = rename(state, source);
  const problems = [
    list("missing", [...expected.keys()].filter((name) => !renamed.has(name))),
    list("unexpected", [...renamed.keys()].filter((name) => !expected.has(name) && !DISPENSABLE.test(name))),
    list("of a different shape", wronglyShaped(renamed, expected)),
  ].filter(Boolean);
  if (problems.length > 0) throw mismatch(source, problems);
  return new Map([...expected.keys()].map((name) => [name, renamed.get(name) as NamedTensor]));
}

function rename(state: StateDict, source: string): StateDict {
  const renamed: StateDict = new Map();
  for (const [name, tensor] of state) {
    const bare = bareName(name);
    if (renamed.has(bare))
      throw new UserError("weights/ambiguous", {
        what: `${source}: two tensors have the name ${bare}`,
        got: [...state.keys()].filter((other) => bareName(other) === bare).join(" and "),
        todo: "save only the state dict of the encoder that you want",
      });
    renamed.set(bare, tensor);
  }
  return renamed;
}

function bareName(name: string): string {
  let bare = name;
  while (PREFIX.test(bare)) bare = bare.replace(PREFIX, "");
  return bare.replace(/(^|\.)(conv\d)\.1\.weight$/, "$1$2.weight");
}

function wronglyShaped(state: StateDict, expected: ReadonlyMap<string, readonly number[]>): string[] {
  return [...expected].flatMap(([name, wanted]) => {
    const shape = state.get(name)?.shape;
    const same = shape === undefined || (shape.length === wanted.length && shape.every((n, i) => n === wanted[i]));
    return same ? [] : [`${name} [${shape.join(", ")}] for [${wanted.join(", ")}]`];
  });
}

function list(what: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return `${what}: ${names.slice(0, LISTED).join(", ")}${more}`;
}

function mismatch(source: string, problems: readonly string[]): UserError {
  return new UserError("weights/mismatch", {
    what: `the weights do not fit the encoder (${source})`,
    got: problems.join("; "),
    todo: "check that the file holds this variant, or choose the variant it was made for",
  });
}
