/**
 * @file State that outlives a process. A run that is killed after any step and resumed from saved state gives the same
 * bits as one that was never stopped; each part declares the state that it needs, and the state of a whole is made of
 * the states of its parts.
 */

/**
 * A computation over a sequence that can stop between two steps.
 *
 * `state()` is plain data (JSON values and typed arrays) that does not change as the object continues.
 * `resume(state())`, called on a fresh object with the same options, makes it continue bit for bit.
 */
export interface Resumable<State> {
  state(): State;
  resume(state: State): void;
}

/**
 * As `Resumable`, for a computation that also remembers its latest inputs (frames, features). These are large and the
 * caller can recompute them, so the state leaves them out and `resume` takes them as a second argument.
 *
 * An object that remembers several inputs has a state after each of them. A fresh one is resumed with each input that
 * it still needs, in order, and the state after that input.
 */
export interface ResumableWith<State, Input> {
  state(): State;
  resume(state: State, input: Input): void | Promise<void>;
}
