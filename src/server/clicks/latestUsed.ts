/** @file Things that take long to make; those that were used last are kept. */

export class LatestUsed<Thing> {
  private readonly most: number;
  /** The latest used last. */
  private readonly kept = new Map<string, Thing>();

  constructor(most: number) {
    this.most = most;
  }

  /** @param make called unless it is kept. */
  async get(key: string, make: () => Promise<Thing>): Promise<Thing> {
    const thing = this.kept.get(key) ?? (await make());
    this.kept.delete(key);
    this.kept.set(key, thing);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most) break;
      this.kept.delete(oldest);
    }
    return thing;
  }
}
