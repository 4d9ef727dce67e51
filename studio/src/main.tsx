/** @file The studio: which page is shown. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { clipOfAddress } from "./clip/address.ts";
import { ClipPage } from "./clip/ClipPage.tsx";
import { FootagePage } from "./footage/FootagePage.tsx";
import { HelpDialog } from "./help/HelpDialog.tsx";
import { followFocus } from "./parts/focus.ts";
import "./parts/theme.ts";
import "./studio.css";

function Studio() {
  const [clip, setClip] = useState(clipOfAddress());
  useEffect(() => {
    const follow = (): void => setClip(clipOfAddress());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <>
      {clip === undefined ? <FootagePage /> : <ClipPage key={clip} id={clip} />}
      <HelpDialog />
    </>
  );
}

followFocus();
render(<Studio />, document.querySelector("#studio") as HTMLElement);
