/** @file The objects of the clip: which one is in hand, what it is called, which colour it has. */
import type { ClipModel, ShownObject } from "../clip/clipModel.ts";
import { SIZES } from "../clip/tools.ts";
import { Button } from "../parts/Button.tsx";
import { t } from "../texts/texts.ts";
import { MASK_STYLES, type MaskStyle } from "./maskPainter.ts";

export function ObjectPanel({ model }: { readonly model: ClipModel }) {
  return (
    <section aria-label={t("objects")}>
      <header>
        <h2>{t("objects")}</h2>
        <Button
          icon="plus"
          kind="quiet"
          name="new-object"
          title={t("newObject")}
          keyName="A"
          onPress={() => model.addObject()}
        />
      </header>
      <ul class="objects">
        {model.objects.value.map((object) => (
          <ObjectRow key={object.id} model={model} object={object} />
        ))}
      </ul>
      <Look model={model} />
    </section>
  );
}

function ObjectRow({
  model,
  object: { id, name, colour },
}: {
  readonly model: ClipModel;
  readonly object: ShownObject;
}) {
  const known = model.book.objects.value.find((one) => one.id === id) ?? { id };
  const isChosen = model.tools.object.value === id;
  const rename = (next: string): void => {
    const { name: _, ...rest } = known;
    const text = next.trim();
    void model.book.setObject(text === "" ? rest : { ...rest, name: text.slice(0, 200) });
  };
  return (
    <li class={isChosen ? "chosen" : ""}>
      <button
        type="button"
        class="number"
        aria-pressed={isChosen}
        title={`${t("chooseObject", { id })}${id < 10 ? ` (${id})` : ""}`}
        onClick={() => model.chooseObject(id)}
      >
        {id}
      </button>
      <input
        type="color"
        value={colour}
        title={t("objectColour", { id })}
        aria-label={t("objectColour", { id })}
        onChange={({ currentTarget }) => void model.book.setObject({ ...known, colour: currentTarget.value })}
      />
      <input
        type="text"
        value={name}
        maxLength={200}
        title={t("objectName", { id })}
        aria-label={t("objectName", { id })}
        onFocus={() => model.chooseObject(id)}
        onChange={({ currentTarget }) => rename(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === "Escape") event.currentTarget.blur();
        }}
      />
    </li>
  );
}

/** Brush, opacity, style. */
function Look({ model: { tools } }: { readonly model: ClipModel }) {
  return (
    <div class="fields">
      <label title={`${t("sizeTitle")} ([ ])`}>
        <span>{t("size")}</span>
        <input
          type="range"
          min={SIZES.least}
          max={SIZES.most}
          value={tools.size.value}
          onInput={({ currentTarget }) => {
            tools.size.value = currentTarget.valueAsNumber;
          }}
        />
        <output>{tools.size.value} px</output>
      </label>
      <label title={t("opacityTitle")}>
        <span>{t("opacity")}</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={tools.opacity.value}
          onInput={({ currentTarget }) => {
            tools.opacity.value = currentTarget.valueAsNumber;
          }}
        />
        <output>{Math.round(tools.opacity.value * 100)} %</output>
      </label>
      <label title={`${t("styleTitle")} (O)`}>
        <span>{t("style")}</span>
        <select
          value={tools.style.value}
          onChange={({ currentTarget }) => {
            tools.style.value = currentTarget.value as MaskStyle;
          }}
        >
          {MASK_STYLES.map((style) => (
            <option key={style} value={style}>
              {t(style)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
