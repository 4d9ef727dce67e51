/** @file Whether the help is open. */
import { signal } from "@preact/signals";

export const isHelpOpen = signal(false);
