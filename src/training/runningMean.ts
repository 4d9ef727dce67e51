/** @file The running mean of a run's losses, as the terminal and the curves show it. */

/** Share of the steps so far that the mean looks back on: the loss of a step depends mostly on its clips. */
const SHARE = 0.1;

/** The mean of the latest tenth of the losses, of one at least. Takes them in order, from the first step of the run. */
export class RunningMean {
  private count = 0;
  private total = 0;
  /** Those that count, the oldest first. */
  private readonly latest: number[] = [];

  /** @returns the mean after this loss. */
  add(loss: number): number {
    this.count++;
    this.latest.push(loss);
    this.total += loss;
    if (this.latest.length > Math.max(1, Math.round(this.count * SHARE))) this.total -= this.latest.shift() ?? 0;
    return this.total / this.latest.length;
  }
}
