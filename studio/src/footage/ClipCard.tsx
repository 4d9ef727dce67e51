/** @file A clip of the list: its first frame, its size, and whether it is good enough to be tracked. */
import type { Clip, ClipCheck } from "../api/types.ts";
import { addressOf } from "../clip/address.ts";
import { Button } from "../parts/Button.tsx";
import { clockText } from "../player/player.ts";
import { t } from "../texts/texts.ts";
import type { ClipFacts, Footage } from "./footage.ts";

export function ClipCard({ clip, footage }: { readonly clip: Clip; readonly footage: Footage }) {
  const facts = footage.facts.value.get(clip.id) ?? {};
  const { problem } = facts;
  const address = `/api/clips/${clip.id}/frames/0?shortSide=180&v=${encodeURIComponent(clip.version)}`;
  return (
    <li class="card">
      <a
        class="clip"
        {...(problem === undefined && { href: addressOf(clip.id) })}
        title={problem === undefined ? t("openClip", { name: clip.name }) : t("unreadable")}
        data-name="clip"
      >
        <span class="thumbnail">{problem === undefined && <img src={address} alt="" loading="lazy" />}</span>
        <b>{clip.name}</b>
        {clip.place !== clip.name && !footage.isUploaded(clip) && <span class="place">{clip.place}</span>}
        {problem === undefined ? (
          <span class="place">{factsOf(facts) ?? "\u00a0"}</span>
        ) : (
          <span class="problem">
            {t("unreadable")} {problem.replaceAll(`${clip.root}/${clip.place}`, clip.name)}
          </span>
        )}
      </a>
      <div class="card-end">
        {problem === undefined && facts.probed && <Verdict clip={clip} check={facts.check} footage={footage} />}
        {footage.isUploaded(clip) && (
          <Button
            kind="quiet"
            icon="clear"
            name="remove-clip"
            title={t("removeClip", { name: clip.name })}
            // oxlint-disable-next-line no-alert -- nothing brings a deleted clip back
            onPress={() => confirm(t("removeClipSure", { name: clip.name })) && void footage.remove(clip)}
          />
        )}
      </div>
    </li>
  );
}

function factsOf({ probed }: ClipFacts): string | undefined {
  if (probed === undefined) return undefined;
  const { width, height, frameCount, durationSec, isFolder } = probed;
  const time = isFolder ? t("folder") : clockText(durationSec);
  return [`${width}×${height}`, t("frames", { n: frameCount }), time].join(" · ");
}

interface VerdictProps {
  readonly clip: Clip;
  readonly check: ClipCheck | undefined;
  readonly footage: Footage;
}

/** What the check said, or the button that asks for it. */
function Verdict({ clip, check, footage }: VerdictProps) {
  const state = check?.job?.state;
  if (check?.verdict != null) return <Findings check={check} />;
  if (state === "queued" || state === "running") return <Checking check={check as ClipCheck} />;
  const { error } = check?.job ?? {};
  return (
    <div class="verdict">
      {error != null && <p class="problem">{t("checkFailed", { problem: error.what })}</p>}
      <Button kind="quiet" name="check" title={t("checkTitle")} onPress={() => void footage.check(clip.id)}>
        {t("check")}
      </Button>
    </div>
  );
}

function Checking({ check: { job } }: { readonly check: ClipCheck }) {
  const { done, total } = job?.progress ?? {};
  const share =
    done !== undefined && total !== undefined && done <= total ? ` ${Math.floor((100 * done) / total)} %` : "";
  return (
    <p class="verdict" role="status">
      {job?.state === "queued" ? t("checkQueued") : t("checking")}
      {share}
    </p>
  );
}

/** The word, the worst reason, and behind a fold all reasons with what to change. */
function Findings({ check: { verdict, findings } }: { readonly check: ClipCheck }) {
  const word = (
    <b class={`word ${verdict ?? ""}`} data-name="verdict">
      {t(verdict ?? "good")}
    </b>
  );
  if (findings.length === 0)
    return (
      <p class="verdict">
        {word} {t("goodTitle")}
      </p>
    );
  return (
    <details class="verdict">
      <summary title={t("findingsTitle")}>
        {word} {findings[0].name}
        {findings.length > 1 && ` ${t("findingsMore", { n: findings.length - 1 })}`}
      </summary>
      <ul>
        {findings.map(({ name, verdict: own, said, todo }) => (
          <li key={name + said}>
            <b class={`word ${own}`}>{t(own)}</b> {said}
            {todo !== null && <em>{todo}</em>}
          </li>
        ))}
      </ul>
    </details>
  );
}
