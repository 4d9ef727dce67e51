/** @file The objects that a clip's annotations refer to: ids in masks, names, classes. */

/** Largest object id; 0 is background, 255 is void. */
export const MAX_OBJECT_ID = 254;

/** Something that is followed through a clip. */
export interface AnnotatedObject {
  /** Its value in masks, 1..254; absent for an object without a mask. */
  readonly id?: number;
  /** Unique in a clip. */
  readonly name: string;
  /** What kind of thing it is, in the words of the data set. */
  readonly class?: string;
}

/** The id of an object, or the name of a point. */
export type ObjectReference = number | string;

/** Whether a value of a mask stands for an object: a whole number from 1 to 254. */
export function isObjectId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= MAX_OBJECT_ID;
}
