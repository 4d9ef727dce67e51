/** @file The clips of the folders, with their first frames. */
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../api/client.ts";
import type { Clip, ProbedClip } from "../api/types.ts";
import { addressOf } from "../clip/address.ts";
import { TopBar } from "../parts/TopBar.tsx";
import { clockText } from "../player/player.ts";
import { t } from "../texts/texts.ts";

export function FootagePage() {
  const [clips, setClips] = useState<readonly Clip[]>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const read = (): void => {
      ask(api.GET("/api/clips"))
        .then(({ clips }) => setClips(clips))
        .catch((error: Error) => setProblem(error.message));
    };
    read();
    // Files that were added meanwhile.
    addEventListener("focus", read);
    return () => removeEventListener("focus", read);
  }, []);
  return (
    <>
      <TopBar name="" />
      {problem !== "" && <p class="bar problem">{problem}</p>}
      <main class="footage">
        {clips === undefined && problem === "" && <p>{t("loading")}</p>}
        {clips?.length === 0 && (
          <div class="empty">
            <p>{t("footageEmpty")}</p>
            <p class="hint">{t("footageEmptyTodo")}</p>
          </div>
        )}
        <ul class="clips">
          {clips?.map((clip) => (
            <ClipCard key={clip.id} clip={clip} />
          ))}
        </ul>
      </main>
    </>
  );
}

/** A clip is opened to say how long it is, one after the other by the service. */
function ClipCard({ clip }: { readonly clip: Clip }) {
  const [probed, setProbed] = useState<ProbedClip>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const left = new AbortController();
    ask(api.GET("/api/clips/{clip}", { params: { path: { clip: clip.id } }, signal: left.signal }))
      .then(setProbed)
      .catch((error: Error) => left.signal.aborted || setProblem(error.message));
    return () => left.abort();
  }, [clip.id, clip.version]);
  const address = `/api/clips/${clip.id}/frames/0?shortSide=180&v=${encodeURIComponent(clip.version)}`;
  return (
    <li>
      <a
        class="clip"
        {...(problem === "" && { href: addressOf(clip.id) })}
        title={t("openClip", { name: clip.name })}
        data-name="clip"
      >
        <span class="thumbnail">{problem === "" && <img src={address} alt="" loading="lazy" />}</span>
        <b>{clip.name}</b>
        {clip.place !== clip.name && <span class="place">{clip.place}</span>}
        {problem === "" ? (
          <span class="place">{probed ? factsOf(probed) : "\u00a0"}</span>
        ) : (
          <Unreadable problem={problem} />
        )}
      </a>
    </li>
  );
}

function factsOf({ width, height, frameCount, durationSec, isFolder }: ProbedClip): string {
  const time = isFolder ? t("folder") : clockText(durationSec);
  return [`${width}×${height}`, t("frames", { n: frameCount }), time].join(" · ");
}

function Unreadable({ problem }: { readonly problem: string }) {
  return (
    <span class="problem">
      {t("unreadable")} {problem}
    </span>
  );
}
