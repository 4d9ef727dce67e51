/** @file Play, single frames, and where the player is. */
import type { ClipModel } from "../clip/clipModel.ts";
import { Button } from "../parts/Button.tsx";
import { t } from "../texts/texts.ts";
import { clockText } from "./player.ts";

export function Transport({ model }: { readonly model: ClipModel }) {
  const { player, tracking, book } = model;
  const isPlaying = player.isPlaying.value;
  const times = player.times.value;
  void tracking.tracked.value?.recorded.value;
  return (
    <div class="transport">
      <Button kind="quiet" icon="first" title={t("first")} keyName="Home" onPress={() => model.by(-Infinity)} />
      <Button kind="quiet" icon="stepBack" title={t("stepBack")} keyName="←" onPress={() => model.by(-1)} />
      <Button
        icon={isPlaying ? "pause" : "play"}
        name="play"
        title={t(isPlaying ? "pause" : "play")}
        keyName="Space"
        onPress={() => player.toggle()}
      />
      <Button kind="quiet" icon="stepOn" title={t("stepOn")} keyName="→" onPress={() => model.by(1)} />
      <Button kind="quiet" icon="last" title={t("last")} keyName="End" onPress={() => model.by(Infinity)} />
      <label class="index" title={t("frameTitle")}>
        <span>{t("frame")}</span>
        <input
          type="number"
          min={0}
          max={player.frameCount - 1}
          value={player.frame.value}
          onChange={({ currentTarget }) => {
            player.pause();
            if (Number.isFinite(currentTarget.valueAsNumber)) model.go(currentTarget.valueAsNumber);
            currentTarget.value = String(player.frame.peek());
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") event.currentTarget.blur();
          }}
        />
        <span>/ {player.frameCount - 1}</span>
      </label>
      <output class="clock">
        {clockText(player.timeSec.value)} <span>/ {clockText(times.at(-1) ?? 0)}</span>
      </output>
      {book.labelled.value.has(player.frame.value) && <span class="tag">◆ {t("labelled")}</span>}
      <span class="legend">
        <i class="key warn" /> {t("stateUncertain")}
        <i class="key hatch" /> {t("stateHidden")}
        <i class="key cut" /> {t("stateCut")}
        <span>{t("stateLabelled")}</span>
      </span>
    </div>
  );
}
