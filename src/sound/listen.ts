/** @file Listens to the sound of a clip: what happens in it, and numbers for every frame. */
import { bandPower } from "./bands.ts";
import { FrameCurves, type HeardFrame } from "./frameCurves.ts";
import { onsetsOf, Rise } from "./onsets.ts";
import { SILENT_DB, silencesOf } from "./silences.ts";
import { decibels, hopSec, Spectra } from "./spectra.ts";
import { SpectrumGrid, type SpectrumPicture } from "./spectrumGrid.ts";
import { TONE_DB, ToneWatch } from "./tones.ts";

/** What can be heard: a sudden sound, a steady tone that begins, sound that is much quieter than usual. */
export const SOUND_KINDS = ["impact", "alarm", "silence"] as const;
/** One of `SOUND_KINDS`. */
export type SoundKind = (typeof SOUND_KINDS)[number];

/** Something that was heard. */
export interface Heard {
  readonly kind: SoundKind;
  /** On the clock of the frames; of an impact both are the same. */
  readonly startSec: number;
  readonly endSec: number;
  /** How far it stands out, dB: of an impact the rise over all bands, of an alarm the tone, of a silence how much quieter. */
  readonly strengthDb: number;
  /** 0.5 where it stands out by just as much as it must, towards 1 beyond. */
  readonly confidence: number;
  /** Of an alarm, else null. */
  readonly hz: number | null;
}

/** All that was heard in a clip. */
export interface Hearing {
  /** In order of time. */
  readonly heard: readonly Heard[];
  /** One for each frame. */
  readonly frames: readonly HeardFrame[];
  readonly picture: SpectrumPicture;
}

/**
 * Listens to sound whose first sample is at the time of the first frame. Memory grows by a few bytes for each 10 ms, and by
 * `BANDS` numbers for each frame.
 * @param pieces as of `readSound` @param timesSec of the frames, ascending, at least one @param endSec of the last frame
 */
export async function listen(
  pieces: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  timesSec: ArrayLike<number>,
  endSec: number,
): Promise<Hearing> {
  const ear = new Ear(timesSec, endSec);
  for await (const samples of pieces) ear.add(samples);
  return ear.end();
}

class Ear {
  private readonly startSec: number;
  private readonly spectra = new Spectra();
  private readonly rise = new Rise();
  private readonly tones = new ToneWatch();
  private readonly curves: FrameCurves;
  private readonly grid: SpectrumGrid;
  private readonly rises: number[] = [];
  private readonly levels: number[] = [];

  constructor(timesSec: ArrayLike<number>, endSec: number) {
    this.startSec = timesSec[0];
    this.curves = new FrameCurves(timesSec);
    this.grid = new SpectrumGrid(this.startSec, endSec);
  }

  add(samples: Float32Array): void {
    for (const power of this.spectra.add(samples)) this.hop(power);
  }

  end(): Hearing {
    for (const power of this.spectra.end()) this.hop(power);
    const heard = [...this.impacts(), ...this.alarms(), ...this.silences()];
    return {
      heard: heard.toSorted((a, b) => a.startSec - b.startSec),
      frames: this.curves.end(),
      picture: this.grid.picture(),
    };
  }

  private hop(power: Float64Array): void {
    const bands = bandPower(power);
    const rise = this.rise.next(bands.map(decibels));
    const timeSec = this.startSec + hopSec(this.levels.length);
    this.tones.next(power);
    this.rises.push(rise);
    this.levels.push(decibels(bands.reduce((sum, value) => sum + value, 0)));
    this.curves.add(timeSec, bands, rise);
    this.grid.add(timeSec, power);
  }

  private impacts(): Heard[] {
    return onsetsOf(this.rises).map(({ hop, strength, needed }) => {
      const timeSec = this.startSec + hopSec(hop);
      return found("impact", timeSec, timeSec, strength, needed);
    });
  }

  private alarms(): Heard[] {
    return this.tones.tones().map(({ begin, end, strength, hz }) => ({
      ...found("alarm", this.startSec + hopSec(begin), this.startSec + hopSec(end + 1), strength, TONE_DB),
      hz,
    }));
  }

  private silences(): Heard[] {
    return silencesOf(this.levels).map(({ begin, end, depth }) =>
      found("silence", this.startSec + hopSec(begin), this.startSec + hopSec(end), depth, SILENT_DB),
    );
  }
}

function found(kind: SoundKind, startSec: number, endSec: number, strengthDb: number, neededDb: number): Heard {
  return { kind, startSec, endSec, strengthDb, confidence: strengthDb / (strengthDb + neededDb), hz: null };
}
