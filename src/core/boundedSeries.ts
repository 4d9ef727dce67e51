/** @file A series that may grow for hours in bounded memory: when it is full, neighbours are merged in pairs. */

/** Keeps between half the limit and the limit; every kept item stands for the same number of added ones. */
export class BoundedSeries<Item> {
  private kept: Item[] = [];
  /** How many added items each kept one stands for. */
  private share = 1;
  /** The items merged so far into the next kept one. */
  private open: { item: Item; count: number } | undefined;
  private readonly merge: (earlier: Item, later: Item) => Item;
  private readonly limit: number;

  /** @param limit an even number. */
  constructor(merge: (earlier: Item, later: Item) => Item, limit: number) {
    this.merge = merge;
    this.limit = limit;
  }

  add(item: Item): void {
    const { open } = this;
    this.open = open === undefined ? { item, count: 1 } : { item: this.merge(open.item, item), count: open.count + 1 };
    if (this.open.count < this.share) return;
    this.kept.push(this.open.item);
    this.open = undefined;
    if (this.kept.length >= this.limit) this.halve();
  }

  /** In the order of adding; the last may stand for fewer. */
  items(): Item[] {
    return this.open === undefined ? [...this.kept] : [...this.kept, this.open.item];
  }

  private halve(): void {
    const { kept } = this;
    this.kept = Array.from({ length: kept.length / 2 }, (_, i) => this.merge(kept[2 * i], kept[2 * i + 1]));
    this.share *= 2;
  }
}
