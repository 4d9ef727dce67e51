/** @file The studio: which page is shown. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { clipOfAddress, latePageOf } from "./clip/address.ts";
import { ClipPage } from "./clip/ClipPage.tsx";
import { FootagePage } from "./footage/FootagePage.tsx";
import { HelpDialog } from "./help/HelpDialog.tsx";
import { followFocus } from "./parts/focus.ts";
import { late } from "./parts/late.tsx";
import "./parts/theme.ts";
import "./studio.css";

const SitePages = late(async () => (await import("./sites/SitePages.tsx")).SitePages);

/** What is shown; a clip stays what it is while its frame changes. */
const pageNow = () => ({ clip: clipOfAddress(), late: latePageOf() });

function Studio() {
  const [{ clip, late: other }, setPage] = useState(pageNow());
  useEffect(() => {
    const follow = (): void => setPage(pageNow());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <>
      {clip !== undefined ? (
        <ClipPage key={clip} id={clip} />
      ) : other === undefined ? (
        <FootagePage />
      ) : (
        <SitePages key={JSON.stringify(other)} shown={other} />
      )}
      <HelpDialog />
    </>
  );
}

followFocus();
render(<Studio />, document.querySelector("#studio") as HTMLElement);
