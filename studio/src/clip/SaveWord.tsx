/** @file The word that says whether everything is on disk. */
import { isConnected } from "../api/client.ts";
import type { LabelBook } from "../label/labelBook.ts";
import { t } from "../texts/texts.ts";

export function SaveWord({ book }: { readonly book: LabelBook }) {
  const state = book.state.value === "saving" && !isConnected.value ? "waiting" : book.state.value;
  return (
    <span class={`save ${state}`} role="status" data-state={state}>
      {t(state)}
    </span>
  );
}
