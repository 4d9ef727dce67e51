/** @file Which points belong together, as bones between them: for pictures only, nothing is tracked by it. */

/** A line between two points, by their names. */
export type Bone = readonly [from: string, to: string];

/** Each bone once, in either direction, in the order given. */
export function distinctBones(bones: readonly Bone[]): Bone[] {
  const known = new Set<string>();
  return bones.filter((bone) => {
    const key = JSON.stringify(bone.toSorted());
    const isNew = !known.has(key);
    known.add(key);
    return isNew;
  });
}
