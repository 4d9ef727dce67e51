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
/** What stands still for so long in another place is another view, seconds. */
const STILL_SEC = 0.9;
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
  readonly fixed: number;
  readonly isThere: boolean;
}

/** Compares the structure of pictures with that at home. */
export class PlaceWatch implements Resumable<PlaceState> {
  private kept: PlaceState = { home: null, lostSince: null, stillSince: null, fixed: 1, isThere: true };

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

  /** @param now `structureOf` the small picture. */
  see(now: GreyPicture, moment: Moment, at: LookAt): { holds: boolean; value: number | null; began?: Moment } {
    const { kept } = this;
    const isMoving = at.offset !== undefined && Math.hypot(...at.offset) > SETTLED * at.factor;
    const fixed = kept.fixed + (Number(!isMoving) - kept.fixed) / FIXED_LOOKS;
    if (!at.isOpen) {
      this.kept = { ...kept, stillSince: null };
      return { holds: at.isOn, value: null };
    }
    const { home } = kept;
    if (home === null || home.data.length !== now.data.length) {
      const { width, height, data } = now;
      this.kept = {
        home: { width, height, data: data.slice() },
        lostSince: null,
        stillSince: null,
        fixed,
        isThere: true,
      };
      return { holds: false, value: null };
    }
    const { found, inPlace, dx, dy } = findView(now, home);
    const lostSince = inPlace >= LOST ? null : (kept.lostSince ?? moment);
    const stillSince = at.isStill && lostSince !== null ? (kept.stillSince ?? moment) : null;
    if (inPlace >= IN_PLACE && !at.isOn) follow(home.data, now.data);
    this.kept = { home, lostSince, stillSince, fixed, isThere: found >= IN_PLACE };
    if (at.isOn) return { holds: inPlace < IN_PLACE, value: null };
    const px = Math.hypot(dx, dy);
    const isElsewhere = found >= FOUND && px >= LEAST_MOVE;
    const isGone = found < NOWHERE && at.isOther;
    const hasStood = stillSince !== null && moment.timeSec - stillSince.timeSec >= STILL_SEC;
    if (!hasStood || lostSince === null || !this.isFixed) return { holds: false, value: null };
    return { holds: isElsewhere || isGone, value: isElsewhere ? px * at.factor : null, began: lostSince };
  }
}

function follow(home: Float32Array, now: Float32Array): void {
  for (let p = 0; p < home.length; p++) home[p] += FOLLOW * (now[p] - home[p]);
}
