/** @file Pages that are loaded when they are first shown, so that the first load stays small. */
import type { FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";

const AGAIN_MS = 1000;

/** A component whose code is fetched when it is first shown; asked for again until it comes. */
export function late<Props extends object>(load: () => Promise<FunctionComponent<Props>>): FunctionComponent<Props> {
  let known: FunctionComponent<Props> | undefined;
  const loaded = async (signal: AbortSignal): Promise<void> => {
    while (known === undefined && !signal.aborted) {
      known = await load().catch(() => undefined);
      if (known === undefined) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  };
  return function Late(props: Props) {
    const [, setIsThere] = useState(known !== undefined);
    useEffect(() => {
      const left = new AbortController();
      void loaded(left.signal).then(() => left.signal.aborted || setIsThere(true));
      return () => left.abort();
    }, []);
    const Shown = known;
    return Shown === undefined ? null : <Shown {...props} />;
  };
}
