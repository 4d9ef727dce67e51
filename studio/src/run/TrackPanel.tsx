/** @file Tracking: begin, how far it is, stop, and where to look afterwards. */
import type { ClipModel } from "../clip/clipModel.ts";
import { Button } from "../parts/Button.tsx";
import { clockText } from "../player/player.ts";
import { t } from "../texts/texts.ts";
import { type Mode, MODES } from "./tracking.ts";

export function TrackPanel({ model }: { readonly model: ClipModel }) {
  const { tracking, book } = model;
  const isOff = book.labelled.value.size === 0;
  return (
    <section aria-label={t("track")}>
      <header>
        <h2>{t("track")}</h2>
      </header>
      <div class="fields">
        <label title={t("modeTitle")}>
          <span>{t("mode")}</span>
          <select
            value={tracking.mode.value}
            disabled={tracking.isWorking.value}
            onChange={({ currentTarget }) => void tracking.open(currentTarget.value as Mode)}
          >
            {MODES.map((mode) => (
              <option key={mode} value={mode}>
                {t(mode)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {tracking.isWorking.value ? <Working model={model} /> : <Begin model={model} isOff={isOff} />}
      <Outcome model={model} isOff={isOff} />
    </section>
  );
}

function Begin({ model, isOff }: { readonly model: ClipModel; readonly isOff: boolean }) {
  return (
    <div class="row">
      <Button
        kind="strong"
        name="track"
        title={t("trackForwardTitle")}
        keyName="G"
        isOff={isOff}
        onPress={() => void model.track("forward")}
      >
        {t("trackForward")}
      </Button>
      <Button
        name="track-both"
        title={t("trackBothTitle")}
        keyName="Shift G"
        isOff={isOff}
        onPress={() => void model.track("both")}
      >
        {t("trackBoth")}
      </Button>
    </div>
  );
}

function Working({ model: { tracking } }: { readonly model: ClipModel }) {
  const job = tracking.job.value;
  const { done, total, left } = job?.progress ?? {};
  const hasShare = job?.state === "running" && done !== undefined && total !== undefined && total > 0;
  return (
    <div class="working">
      <div class="row">
        <progress aria-label={t("running")} {...(hasShare ? { value: done, max: total } : {})} />
        <Button name="stop" title={t("stopTitle")} keyName="C" onPress={() => void tracking.stop()}>
          {t("stop")}
        </Button>
      </div>
      <p role="status">
        {job?.state === "queued" ? t("queued") : t("running")}
        {hasShare && `: ${t("progress", { done, total })}`}
        {hasShare && left !== undefined && `, ${t("left", { time: clockText(left).replace(/\..*$/u, "") })}`}
      </p>
    </div>
  );
}

/** How the latest job ended. */
function Outcome({ model, isOff }: { readonly model: ClipModel; readonly isOff: boolean }) {
  const { tracking } = model;
  const job = tracking.job.value;
  if (tracking.problem.value !== "")
    return <p class="problem">{t("trackFailed", { problem: tracking.problem.value })}</p>;
  if (tracking.isWorking.value) return null;
  if (job?.state === "failed") {
    const problem = [job.error?.what, job.error?.todo].filter(Boolean).join("; ");
    return <p class="problem">{t("trackFailed", { problem })}</p>;
  }
  if (job === undefined) return isOff ? <p class="hint">{t("needLabel")}</p> : null;
  const count = model.doubtful.value.length;
  return (
    <>
      <p role="status" data-name="outcome">
        {job.state === "cancelled" ? t("stopped") : t("done")}{" "}
        {count > 0 ? t("doubtfulCount", { n: count }) : t("doubtfulNone")}
      </p>
      {count > 0 && (
        <div class="row">
          <Button
            icon="previous"
            title={t("previousDoubtful")}
            keyName="Shift N"
            onPress={() => model.goDoubtful(-1)}
          />
          <Button
            icon="next"
            name="next-doubtful"
            title={t("nextDoubtfulTitle")}
            keyName="N"
            onPress={() => model.goDoubtful(1)}
          >
            {t("nextDoubtful")}
          </Button>
        </div>
      )}
    </>
  );
}
