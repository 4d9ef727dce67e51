/** @file What is said of events that could not be sent. */
import { print } from "../terminal.ts";

/** @param addresses that have not taken all events */
export function printUnsent(addresses: readonly string[]): void {
  for (const address of addresses) print(`not all events were taken by ${address}: the same command sends the rest`);
}
