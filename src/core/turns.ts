/** @file Work that is done one piece after the other, whoever asks for it. */

/** A queue of one. */
export class Turns {
  private latest: Promise<unknown> = Promise.resolve();

  /** Begins once all that was asked for before has ended, well or not. @throws whatever the work throws */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.latest.then(work);
    this.latest = result.catch(() => {});
    return result;
  }
}
