/** @file Objects without the keys that have no value, where an absent key and `undefined` differ: overrides, JSON. */

/** An object whose keys with the value `undefined` are absent. */
export type Defined<Given> = { [Key in keyof Given]?: Exclude<Given[Key], undefined> };

/** Leaves out the keys whose value is `undefined`; the others keep their order. */
export function defined<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>;
}
