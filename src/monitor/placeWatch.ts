/** @file Whether a camera that stands still keeps its place: its view is compared with what it was at home. */
import type { Resumable } from "../core/resumable.ts";
import type { Offset } from "../footage/cameraOffset.ts";
import { findView } from "../footage/viewWatch.ts";
import type { GreyPicture } from "../kernels/opticalFlow.ts";
import type { Moment } from "../watch/event.ts";

/** Motion from frame to frame of a camera that stands still, pixels of the small picture. */
const SETTLED = 0.25;
/** The share of the looks at which it must stand still, over about so many of them. */
const FIXED = 0.6;
const FIXED_LOOKS = 120;
/** The view is where it was while so much of it is found in place, and lost below this. */
const IN_PLACE = 0.5;
const LOST = 0.3;
/** It is found elsewhere, or nowhere; between the two nothing is said. */
const FOUND = 0.6;
const NOWHERE = 0.25;
/** A move is at least so many pixels of the small picture. */
const LEAST_MOVE = 3;
/** What stands still for so long where the view is not is another view, seconds, … */
const STILL_SEC = 0.9;
/** … and a view that is found elsewhere needs to stay there for less. */
const ELSEWHERE_SEC = 0.5;
/** How far a lost view is searched, pixels of the small picture. */
const FAR = 32;
/** The view at home follows the scene, a share at each look. */
const FOLLOW = 1 / 120;

/** What is known at a look. */
interface LookAt {
  /** Whether there is a picture to compare. */
  readonly isOpen: boolean;
  /** Whether the picture is that of the look before. */
  readonly isStill: boolean;
  /** Whether most of it is neither as usual nor blurred. */
  readonly isOther: boolean;
  /** Whether the camera is known to be turned. */
  readonly isOn: boolean;
  readonly offset: Offset;
  readonly factor: number;
}

/** The view at home. */
interface Home {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export interface PlaceState {
  readonly home: Home | null;
  readonly lostSince: Moment | null;
  readonly stillSince: Moment | null;
  /** Since when it is found in another place, and has not moved. */
  readonly elsewhereSince: Moment | null;
  readonly fixed: number;
  readonly isThere: boolean;
  readonly isInPlace: boolean;
}

const NOWHERE_YET: PlaceState = {
  home: null,
  lostSince: null,
  stillSince: null,
  elsewhereSince: null,
  fixed: 1,
  isThere: true,
  isInPlace: true,
};

/** Compares the structure of pictures with that at home. */
export class PlaceWatch implements Resumable<PlaceState> {
  private kept: PlaceState = NOWHERE_YET;

  state(): PlaceState {
    const { home } = this.kept;
    return { ...this.kept, home: home === null ? null : { ...home, data: home.data.slice() } };
  }

  resume(state: PlaceState): void {
    this.kept = state;
  }

  /** Whether the camera usually stands still. */
  get isFixed(): boolean {
    return this.kept.fixed >= FIXED;
  }

  /** Whether a part of the usual view was seen at the last look, in place or near it. */
  get isThere(): boolean {
    return this.kept.isThere;
  }

  /** Whether the usual view was seen elsewhere at the last look: then nothing hides it. */
  get isElsewhere(): boolean {
    return this.kept.elsewhereSince !== null;
  }

  /** Whether most of the usual view was seen in its place at the last look. */
  get isInPlace(): boolean {
    return this.kept.isInPlace;
  }

  /** @param now `structureOf` the small picture. */
  see(now: GreyPicture, moment: Moment, at: LookAt): { holds: boolean; value: number | null; began?: Moment } {
    const { kept } = this;
    const isMoving = at.offset !== undefined && Math.hypot(...at.offset) > SETTLED * at.factor;
    const fixed = kept.fixed + (Number(!isMoving) - kept.fixed) / FIXED_LOOKS;
    if (!at.isOpen) {
      this.kept = { ...kept, stillSince: null, elsewhereSince: null, fixed };
      return { holds: at.isOn, value: null };
    }
    const { home } = kept;
    if (home === null || home.data.length !== now.data.length) {
      const { width, height, data } = now;
      this.kept = { ...NOWHERE_YET, home: { width, height, data: data.slice() }, fixed };
      return { holds: false, value: null };
    }
    const near = findView(now, home);
    // Far away it is looked for only where it is lost: that takes time.
    const isLost = near.inPlace < LOST && near.found < FOUND && !at.isOn;
    const { found, inPlace, dx, dy } = isLost ? findView(now, home, FAR) : near;
    const px = Math.hypot(dx, dy);
    const isElsewhere = inPlace < IN_PLACE && found >= FOUND && px >= LEAST_MOVE;
    const lostSince = inPlace >= LOST && !isElsewhere ? null : (kept.lostSince ?? moment);
    const stillSince = at.isStill && lostSince !== null ? (kept.stillSince ?? moment) : null;
    const elsewhereSince = isElsewhere ? (isMoving ? moment : (kept.elsewhereSince ?? moment)) : null;
    if (inPlace >= IN_PLACE && !at.isOn) follow(home.data, now.data);
    const isInPlace = inPlace >= IN_PLACE;
    this.kept = { home, lostSince, stillSince, elsewhereSince, fixed, isThere: found >= IN_PLACE, isInPlace };
    if (at.isOn) return { holds: !isInPlace, value: null };
    if (lostSince === null || !this.isFixed) return { holds: false, value: null };
    if (since(elsewhereSince, moment) >= ELSEWHERE_SEC) return { holds: true, value: px * at.factor, began: lostSince };
    const isGone = found < NOWHERE && at.isOther && since(stillSince, moment) >= STILL_SEC;
    return { holds: isGone, value: null, began: lostSince };
  }
}

/** Seconds from a moment to a later one; 0 without the first. */
function since(from: Moment | null, to: Moment): number {
  return from === null ? 0 : to.timeSec - from.timeSec;
}

function follow(home: Float32Array, now: Float32Array): void {
  for (let p = 0; p < home.length; p++) home[p] += FOLLOW * (now[p] - home[p]);
}
