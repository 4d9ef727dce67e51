/** @file Watches a camera for faults, frame by frame, in memory that does not grow. */
import type { Resumable } from "../core/resumable.ts";
import { offsetOf } from "../footage/cameraOffset.ts";
import { detailOf, UNIFORM } from "../footage/detail.ts";
import { type Exposure, exposureOf } from "../footage/exposure.ts";
import type { FrameView } from "../footage/frameView.ts";
import { lightChanges, middle } from "../footage/lightChange.ts";
import { atRows } from "../footage/measure.ts";
import { changeOf } from "../footage/measures/time.ts";
import { structureOf } from "../footage/viewWatch.ts";
import type { Box } from "../video/box.ts";
import type { Moment } from "../watch/event.ts";
import { type CellPicture, cellPicture, cellSide } from "./cellPicture.ts";
import type { FaultEvent } from "./faultEvent.ts";
import { CAMERA_FAULTS, type CameraFault, pictureFaults } from "./faults.ts";
import { FaultWatch, type FaultWatchState } from "./faultWatch.ts";
import { LensSpots, type LensSpotsState } from "./lensSpots.ts";
import { LightFlicker, type LightFlickerState } from "./lightFlicker.ts";
import { PlaceWatch, type PlaceState } from "./placeWatch.ts";
import { Steadiness } from "./steadiness.ts";
import { Stillness, type StillnessState } from "./stillness.ts";
import { type CellsNow, UsualView, type UsualViewState } from "./usualView.ts";

/** How often faults are looked for, seconds; motion and light are followed in every frame. */
const LOOK_SEC = 0.25;
/** What is seen at a look counts for so long at most, however long ago the last one was, seconds. */
const LONGEST_LOOK_SEC = 1;
/** Two frames farther apart are a gap without a signal, seconds. */
const GAP_SEC = 2;
/** The mean change of small pictures that noise makes: the least of the last looks. */
const NOISE_LOOKS = 12;
/** Mean change of coarse pixels from look to look, of a picture that stands still, grey levels. */
const STILL = 2;
/** Where faults begin, and where they are still there once told. */
const LIMITS = {
  burntOut: { from: 0.45, to: 0.35 },
  tooDark: { from: 35, to: 45 },
  covered: { from: 0.75, to: 0.5 },
  shaking: { from: 1.2, to: 0.6 },
  flicker: { from: 0.05, to: 0.025 },
  defocused: { from: 0.6, to: 0.4 },
  dirty: { from: 0.03, to: 0.015 },
} as const;
/** All over the view so much of the fine detail is left, beside what the light leaves: then it is out of focus. */
const FOCUS_LEFT = { from: 0.6, to: 0.75 } as const;
/** A covered picture has lost more than this of its fine detail: 1 minus it is left at most. */
const BARE = 0.35;
/** The fewest cells that say something of the view. */
const LEAST_TEXTURED = 12;

/** What a look says of a fault. */
interface Condition {
  readonly holds: boolean;
  readonly value: number | null;
  readonly began?: Moment | undefined;
}

export interface CameraWatchState {
  readonly watches: Readonly<Record<CameraFault, FaultWatchState>>;
  readonly usual: UsualViewState | null;
  readonly place: PlaceState;
  readonly steadiness: ReturnType<Steadiness["state"]>;
  readonly light: LightFlickerState;
  readonly stillness: StillnessState;
  readonly lookedSec: number | null;
  readonly coarse: Float32Array | null;
  readonly changes: readonly number[];
  readonly spots: LensSpotsState;
  readonly seen: Moment | null;
}

/** Watches for faults of the camera. */
export class CameraWatch implements Resumable<CameraWatchState> {
  private readonly watches = Object.fromEntries(
    CAMERA_FAULTS.map((kind) => [kind, new FaultWatch(kind, pictureFaults[kind])]),
  ) as Record<CameraFault, FaultWatch>;
  private readonly usual = new UsualView();
  private readonly place = new PlaceWatch();
  private readonly steadiness = new Steadiness();
  private readonly light = new LightFlicker();
  private readonly stillness = new Stillness();
  private readonly spots = new LensSpots();
  private lookedSec: number | null = null;
  private coarse: Float32Array | null = null;
  /** Changes from frame to frame at the last looks. */
  private changes: readonly number[] = [];
  private seen: Moment | null = null;
  /** Of a cell, pixels. */
  private side = 0;

  state(): CameraWatchState {
    const { usual, place, steadiness, light, stillness, lookedSec, coarse, changes, spots, seen } = this;
    const parts = { usual: usual.state(), place: place.state(), steadiness: steadiness.state(), light: light.state() };
    const watches = Object.fromEntries(CAMERA_FAULTS.map((kind) => [kind, this.watches[kind].state()]));
    return {
      ...parts,
      watches: watches as CameraWatchState["watches"],
      stillness: stillness.state(),
      spots: spots.state(),
      lookedSec,
      coarse,
      changes,
      seen,
    };
  }

  resume(state: CameraWatchState): void {
    for (const kind of CAMERA_FAULTS) this.watches[kind].resume(state.watches[kind]);
    for (const part of ["usual", "place", "steadiness", "light", "stillness", "spots"] as const)
      this[part].resume(state[part] as never);
    const { lookedSec, coarse, changes, seen } = state;
    Object.assign(this, { lookedSec, coarse, changes, seen });
  }

  /** Whether nothing is wrong, or may be. */
  get isSound(): boolean {
    return CAMERA_FAULTS.every((kind) => !this.watches[kind].isOn && !this.watches[kind].isPending);
  }

  /** Where a fault shows, if it does at a place; pixels. */
  boxesOf(kind: CameraFault): readonly Box[] {
    return kind === "dirty" ? this.spots.boxes(this.side) : [];
  }

  /** The next frame; times ascend. */
  next(frame: FrameView): FaultEvent[] {
    const { index, timeSec, motion } = frame;
    const now = { timeSec, frame: index, confidence: 1 };
    const change = changeOf(frame);
    const offset = offsetOf(frame);
    if (frame.previous !== undefined) this.stillness.add(change, now);
    this.steadiness.add(offset, timeSec);
    this.light.add(motion === undefined ? undefined : middle(lightChanges(frame, motion).all), timeSec);
    const gap = this.silence(now);
    this.seen = now;
    if (this.lookedSec !== null && timeSec - this.lookedSec < LOOK_SEC && gap.length === 0) return [];
    return [...gap, ...this.look(frame, now, change)];
  }

  /** No frame has come until now: a time without frames is a time without a signal. */
  silence(now: Moment): FaultEvent[] {
    const { seen } = this;
    const watch = this.watches.signalLost;
    if (seen === null || now.timeSec - seen.timeSec < GAP_SEC) return [];
    const seconds = now.timeSec - seen.timeSec;
    return [...(watch.isOn ? [] : watch.see(true, 0, seen)), ...watch.see(true, seconds, now)];
  }

  /** What comes next does not follow on what came last, because nobody looked. */
  interrupted(): void {
    this.seen = null;
    this.stillness.interrupted();
  }

  private look(frame: FrameView, now: Moment, change: number): FaultEvent[] {
    const sinceSec = Math.min(LONGEST_LOOK_SEC, now.timeSec - (this.lookedSec ?? now.timeSec));
    this.lookedSec = now.timeSec;
    if (frame.previous !== undefined) this.changes = [...this.changes, change].slice(-NOISE_LOOKS);
    const cellsOf = cellPicture(frame.picture);
    this.side = cellSide(frame.picture);
    const cells = this.usual.compare(cellsOf, Math.min(...this.changes));
    const isStill = this.coarse?.length === cellsOf.coarse.length && meanChange(cellsOf, this.coarse) < STILL;
    this.coarse = cellsOf.coarse;
    const isTurned = this.watches.turned.isOn;
    const { columns } = cellsOf;
    const seen = { frame, now, change, isStill, cells, columns, exposure: exposureOf(frame.picture) };
    const conditions = this.conditions(seen);
    const events = this.judge(conditions, now);
    if (this.watches.turned.isOn !== isTurned) this.usual.forget();
    else if (isSound(conditions)) this.usual.learn(cellsOf, cells, sinceSec);
    return events;
  }

  /** Only the first fault that holds is seen; what was told of later ones stays as it is. */
  private judge(conditions: Readonly<Record<CameraFault, Condition>>, now: Moment): FaultEvent[] {
    let isExplained = false;
    return CAMERA_FAULTS.flatMap((kind) => {
      const watch = this.watches[kind];
      const { holds, value, began } = conditions[kind];
      if (isExplained) return watch.isOn ? [] : watch.see(false, null, now);
      const told = watch.see(holds, value, now, began ?? now);
      // A camera that is known to be turned can have other faults too.
      isExplained = holds && !(kind === "turned" && watch.isOn);
      return told;
    });
  }

  private conditions(seen: Seen): Record<CameraFault, Condition> {
    const { frame, now, change, isStill, cells, exposure } = seen;
    const isUniform = detailOf(frame.small) < UNIFORM;
    const isWhite = exposure.burnt >= this.limit("burntOut");
    const frozen = this.stillness.frozenSince();
    const isCovered =
      cells !== undefined && cells.textured >= LEAST_TEXTURED && cells.left < BARE && (isStill || this.isOn("covered"));
    const canSee = !isUniform && cells !== undefined && cells.textured >= LEAST_TEXTURED;
    const isBare = cells !== undefined && cells.left < BARE;
    const place = this.place.see(structureOf(frame.small), now, {
      isOpen: !isUniform && !isWhite && exposure.bright >= LIMITS.tooDark.from,
      isStill,
      isOther: canSee && !isBare && cells.other >= MOSTLY,
      isOn: this.isOn("turned"),
      offset: offsetOf(frame),
      factor: frame.factor,
    });
    // What is seen elsewhere, or again in its place, is not hidden.
    const isSeen = this.place.isElsewhere || (this.isOn("turned") && this.place.isInPlace);
    return {
      signalLost: { holds: isUniform && !isWhite && change < NOISELESS, value: null },
      burntOut: { holds: isWhite, value: 100 * exposure.burnt },
      covered: {
        holds: isCovered && cells.other >= this.limit("covered") && !isSeen,
        value: cells === undefined ? null : 100 * cells.other,
      },
      tooDark: { holds: exposure.bright < this.limit("tooDark"), value: exposure.bright },
      frozen: {
        holds: frozen !== undefined,
        value: frozen === undefined ? null : now.timeSec - frozen.timeSec,
        began: frozen,
      },
      turned: place,
      ...this.movingConditions(seen),
      ...this.lensConditions(seen),
    };
  }

  /** What shows in how the picture moves, and how its light does. */
  private movingConditions({ frame }: Seen): Record<"shaking" | "flicker", Condition> {
    const shake = this.place.isFixed && this.place.isThere ? this.steadiness.shake() : 0;
    const depth = this.place.isThere ? this.light.depth() : 0;
    return {
      shaking: { holds: atRows(frame.picture, shake) >= this.limit("shaking"), value: shake },
      flicker: { holds: depth >= this.limit("flicker"), value: 100 * depth },
    };
  }

  /** What is lost of the fine detail while the rest of the view is there. */
  private lensConditions({ cells, columns }: Seen): Record<"defocused" | "dirty", Condition> {
    const canTell = cells !== undefined && cells.textured >= LEAST_TEXTURED && this.place.isFixed;
    const share = this.spots.see(canTell ? cells : undefined, columns);
    const { isElsewhere, isInPlace } = this.place;
    if (!canTell) {
      const unknown = { holds: false, value: null };
      return { defocused: unknown, dirty: unknown };
    }
    const { blurred, other, leftInPlace, light, textured } = cells;
    const canCompare = other <= 0.5 && (1 - other) * textured >= LEAST_TEXTURED && !isElsewhere;
    const focusLeft = this.isOn("defocused") ? FOCUS_LEFT.to : FOCUS_LEFT.from;
    const isDefocused =
      canCompare && (blurred >= this.limit("defocused") * (1 - other) || leftInPlace < focusLeft * Math.min(1, light));
    return {
      defocused: { holds: isDefocused, value: 100 * Math.max(0, 1 - leftInPlace) },
      // Spots hide little: around them the view is in its place.
      dirty: { holds: share >= this.limit("dirty") && !isDefocused && isInPlace, value: 100 * share },
    };
  }

  private isOn(kind: CameraFault): boolean {
    return this.watches[kind].isOn;
  }

  private limit(kind: keyof typeof LIMITS): number {
    return this.isOn(kind) ? LIMITS[kind].to : LIMITS[kind].from;
  }
}

/** The share of another view that is more than things before the camera. */
const MOSTLY = 0.6;
/** Change of a picture without noise, mean grey levels. */
const NOISELESS = 0.05;

/** A look. */
interface Seen {
  readonly frame: FrameView;
  readonly now: Moment;
  readonly change: number;
  readonly isStill: boolean;
  /** Undefined while nothing is usual yet. */
  readonly cells: CellsNow | undefined;
  /** Of the cells. */
  readonly columns: number;
  readonly exposure: Exposure;
}

/** Whether what is seen may become usual. */
function isSound(conditions: Readonly<Record<CameraFault, Condition>>): boolean {
  return CAMERA_FAULTS.every((kind) => kind === "turned" || kind === "flicker" || !conditions[kind].holds);
}

function meanChange({ coarse }: CellPicture, before: Float32Array): number {
  let sum = 0;
  for (let p = 0; p < coarse.length; p++) sum += Math.abs(coarse[p] - before[p]);
  return sum / coarse.length;
}
