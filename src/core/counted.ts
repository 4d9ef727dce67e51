/** @file Numbers of things in messages. */

/** `1 frame`, `2 frames`. @param noun one of them; its plural ends in `s` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
