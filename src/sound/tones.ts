/** @file Steady tones that begin: alarms and beepers, told from the steady tones of a machine, which are there all the time. */
import { BIN_HZ, BINS, HOP_SEC } from "./spectra.ts";

/** A tone that sounded, hops from 0. */
export interface Tone {
  readonly hz: number;
  readonly begin: number;
  /** The last hop in which it was heard. */
  readonly end: number;
  /** How far it stood above its neighbours and above what is usual at its frequency, dB, mean. */
  readonly strength: number;
}

/** Frequencies of alarms, bins. */
const LOWEST = Math.round(300 / BIN_HZ);
const HIGHEST = Math.round(7000 / BIN_HZ);
/** A tone stands this far above its neighbours, and above what is usual there. */
export const TONE_DB = 12;
const TONE_RATIO = 10 ** (TONE_DB / 10);
/** The Hann window spreads a tone over this many bins to each side; the neighbours lie beyond. */
const SPREAD = 3;
const NEIGHBOURS = 10;
/** The most tones of a hop. */
const AT_ONCE = 3;
/**
 * What is usual follows rises within about two seconds and falls within about a minute: a machine that is started again makes the
 * tones that it made before. That holds it near the top of what noise does, so a tone stands less far above it.
 */
const RISE_HOPS = 2 / HOP_SEC;
const FALL_HOPS = 60 / HOP_SEC;
const ABOVE_USUAL_RATIO = 10 ** 0.6;
/** What sounds in the beginning is usual. */
const FIRST_HOPS = 1 / HOP_SEC;
/** A tone that pauses for longer has ended: beepers pause for less. */
const PAUSE_HOPS = 1 / HOP_SEC;
/** A tone sounds at least this long in all, and this share of the time from its beginning to its end. */
export const LEAST_TONE_SEC = 0.5;
const LEAST_SHARE = 0.3;

interface Open {
  bin: number;
  readonly begin: number;
  end: number;
  heard: number;
  sum: number;
}

/** A bin that stands out. */
interface Peak {
  readonly bin: number;
  /** Above neighbours and the usual, as a ratio. */
  readonly excess: number;
}

/** Is told every spectrum in order. */
export class ToneWatch {
  private readonly usual = new Float64Array(BINS);
  private open: Open[] = [];
  private readonly done: Open[] = [];
  private hop = 0;

  /** @param power `[BINS]` */
  next(power: Float64Array): void {
    if (this.hop >= FIRST_HOPS) for (const peak of this.peaks(power)) this.hear(peak);
    const gone = this.open.filter(({ end }) => this.hop - end > PAUSE_HOPS);
    if (gone.length > 0) {
      this.done.push(...gone.filter(isTone));
      this.open = this.open.filter((tone) => !gone.includes(tone));
    }
    this.learn(power);
    this.hop++;
  }

  /** After the last spectrum: all tones, in order; those at one time are one, called after the strongest. */
  tones(): Tone[] {
    const all = [...this.done, ...this.open.filter(isTone)].map(({ bin, begin, end, sum, heard }): Tone => ({
      hz: bin * BIN_HZ,
      begin,
      end,
      strength: sum / heard,
    }));
    return all.toSorted((a, b) => a.begin - b.begin).reduce<Tone[]>(joined, []);
  }

  private peaks(power: Float64Array): Peak[] {
    const found: Peak[] = [];
    for (let bin = LOWEST; bin <= HIGHEST; bin++) {
      const here = power[bin];
      if (here < power[bin - 1] || here <= power[bin + 1] || here < 1e-8) continue;
      const floor = Math.max(neighbours(power, bin), (this.usual[bin] * ABOVE_USUAL_RATIO) / TONE_RATIO);
      if (here >= TONE_RATIO * floor) found.push({ bin: bin + fraction(power, bin), excess: here / floor });
    }
    return found.toSorted((a, b) => b.excess - a.excess).slice(0, AT_ONCE);
  }

  private hear({ bin, excess }: Peak): void {
    const excessDb = Math.min(60, 10 * Math.log10(excess));
    const known = this.open.find((tone) => Math.abs(tone.bin - bin) < 1);
    if (known === undefined) {
      this.open.push({ bin, begin: this.hop, end: this.hop, heard: 1, sum: excessDb });
      return;
    }
    known.end = this.hop;
    known.heard++;
    known.sum += excessDb;
    known.bin += (bin - known.bin) / known.heard;
  }

  /** Goes on with what is usual, but not where a tone is: a long one would become usual. */
  private learn(power: Float64Array): void {
    for (let bin = 0; bin < BINS; bin++) {
      if (this.isOpen(bin)) continue;
      const change = power[bin] - this.usual[bin];
      this.usual[bin] += change / Math.min(this.hop + 1, change > 0 ? RISE_HOPS : FALL_HOPS);
    }
  }

  private isOpen(bin: number): boolean {
    return this.open.some((tone) => Math.abs(tone.bin - bin) <= SPREAD);
  }
}

function neighbours(power: Float64Array, bin: number): number {
  let [sum, count] = [0, 0];
  for (let away = SPREAD + 1; away <= NEIGHBOURS; away++)
    for (const other of [bin - away, bin + away])
      if (other > 0 && other < BINS) {
        sum += power[other];
        count++;
      }
  return sum / count;
}

/** Where between the bins the peak lies: the vertex of the parabola through the logarithms. */
function fraction(power: Float64Array, bin: number): number {
  const [left, here, right] = [bin - 1, bin, bin + 1].map((at) => Math.log(power[at] + 1e-20));
  return (0.5 * (left - right)) / (left - 2 * here + right || -1);
}

function isTone({ begin, end, heard }: Open): boolean {
  return heard * HOP_SEC >= LEAST_TONE_SEC && heard >= LEAST_SHARE * (end - begin + 1);
}

function joined(before: Tone[], tone: Tone): Tone[] {
  const last = before.at(-1);
  if (last === undefined || tone.begin > last.end) return [...before, tone];
  const { hz, strength } = tone.strength > last.strength ? tone : last;
  return [...before.slice(0, -1), { hz, strength, begin: last.begin, end: Math.max(last.end, tone.end) }];
}
