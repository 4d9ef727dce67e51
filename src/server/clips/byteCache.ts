/** @file A cache of byte arrays that drops what was not asked for longest. */

/** Holds at most so many bytes; what is being made counts nothing yet, and is made once for all who ask meanwhile. */
export class ByteCache {
  private readonly most: number;
  /** The latest used last. */
  private readonly held = new Map<string, Uint8Array>();
  private readonly making = new Map<string, Promise<Uint8Array>>();
  private bytes = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** @param make called unless it is there; a failure is not kept. */
  async get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const there = this.held.get(key);
    if (there !== undefined) {
      this.held.delete(key);
      this.held.set(key, there);
      return there;
    }
    const underway = this.making.get(key);
    if (underway !== undefined) return underway;
    const made = make().finally(() => this.making.delete(key));
    this.making.set(key, made);
    const value = await made;
    this.keep(key, value);
    return value;
  }

  private keep(key: string, value: Uint8Array): void {
    this.held.set(key, value);
    this.bytes += value.byteLength;
    for (const [oldest, { byteLength }] of this.held) {
      if (this.bytes <= this.most) return;
      this.held.delete(oldest);
      this.bytes -= byteLength;
    }
  }
}
