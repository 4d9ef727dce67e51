/** @file Which layer of the frame is shown, and what it means. */
import type { ClipModel } from "../clip/clipModel.ts";
import { t } from "../texts/texts.ts";
import { type Layer, LAYERS } from "./layers.ts";

export function LayerPanel({ model: { layers, player } }: { readonly model: ClipModel }) {
  const layer = layers.layer.value;
  const isDrawn = layer === "picture" || player.isPlaying.value || layers.at(player.frame.value) !== undefined;
  const problem = layers.problem.value;
  return (
    <section aria-label={t("layers")} data-name="layers" data-drawn={isDrawn}>
      <header>
        <h2>{t("layers")}</h2>
      </header>
      <div class="fields">
        <label title={`${t("layersTitle")} (U)`}>
          <span>{t("layer")}</span>
          <select
            value={layer}
            data-name="layer"
            onChange={({ currentTarget }) => {
              layers.layer.value = currentTarget.value as Layer;
            }}
          >
            {LAYERS.map((one) => (
              <option key={one} value={one}>
                {t(`${one}Layer`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {problem !== "" && <p class="problem">{problem}</p>}
      {problem === "" && !isDrawn && <p role="status">{t("layerWait")}</p>}
      {layer !== "picture" && <p class="hint">{t(`${layer}Legend`)}</p>}
    </section>
  );
}
