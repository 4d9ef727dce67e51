/** @file Where the label of the clicked pixel comes from, frame by frame. */
import { useEffect, useRef } from "preact/hooks";
import type { ClipModel } from "../clip/clipModel.ts";
import { t } from "../texts/texts.ts";
import { drawFound } from "./drawFound.ts";
import type { Found, Look } from "./looking.ts";

/** Pixels. */
const SIZE = { width: 232, height: 174 };

export function WhyPanel({ model }: { readonly model: ClipModel }) {
  const { looking, player, tools } = model;
  if (tools.tool.value !== "why") return null;
  const look = looking.at(player.frame.value);
  return (
    <section aria-label={t("why")} data-name="why">
      <header>
        <h2>{t("why")}</h2>
      </header>
      {looking.problem.value !== "" && <p class="problem">{looking.problem.value}</p>}
      {look === undefined && <p class="hint">{t("whyHint")}</p>}
      {look !== undefined && look.found === undefined && <p role="status">{t("looking")}</p>}
      {look?.found?.length === 0 && <p class="hint">{t("whyFirst")}</p>}
      {look?.found !== undefined && look.found.length > 0 && <p class="hint">{t("whyLegend", { from: look.from })}</p>}
      <ul class="found">
        {look?.found
          ?.toSorted((a, b) => b.share - a.share)
          .map((found) => (
            <FoundRow key={found.frame} model={model} look={look} found={found} />
          ))}
      </ul>
    </section>
  );
}

interface FoundRowProps {
  readonly model: ClipModel;
  readonly look: Look;
  readonly found: Found;
}

function FoundRow({ model, look, found }: FoundRowProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { clip } = model;
  useEffect(() => {
    const image = new Image();
    image.addEventListener("load", () => {
      const pen = canvas.current?.getContext("2d");
      if (pen) drawFound(pen, image, found, look.place, clip);
    });
    image.src = `/api/clips/${clip.id}/frames/${found.frame}?v=${encodeURIComponent(clip.version)}`;
  }, [clip, look, found]);
  const share = Math.round(100 * found.share);
  return (
    <li>
      <button
        type="button"
        title={t("whyGo", { frame: found.frame })}
        onClick={() => {
          model.player.pause();
          model.go(found.frame);
        }}
      >
        <canvas ref={canvas} {...SIZE} />
        <span>{t("whyShare", { frame: found.frame, share })}</span>
      </button>
    </li>
  );
}
