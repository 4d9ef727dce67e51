/** @file Tools, undo and redo, and how the picture lies. */
import { Button } from "../parts/Button.tsx";
import { t } from "../texts/texts.ts";
import type { ClipModel } from "./clipModel.ts";
import { toolKey } from "./keys.ts";
import { TOOLS } from "./tools.ts";

export function ToolBar({ model }: { readonly model: ClipModel }) {
  const { tools, book, drawing } = model;
  const page = model.drawable();
  return (
    <div class="toolbar" role="toolbar" aria-label={t("tools")}>
      {TOOLS.map((name) => (
        <Button
          key={name}
          name={name}
          icon={name}
          title={`${t(name)}: ${t(`${name}Title`)}`}
          keyName={toolKey(name)}
          isPressed={tools.tool.value === name}
          isOff={page === undefined}
          onPress={() => {
            drawing.dropPolygon();
            tools.tool.value = name;
          }}
        />
      ))}
      <hr />
      <Button
        icon="undo"
        title={t("undo")}
        keyName="Ctrl Z"
        isOff={!(page?.history.canUndo ?? false)}
        onPress={() => model.undo()}
      />
      <Button
        icon="redo"
        title={t("redo")}
        keyName="Ctrl Shift Z"
        isOff={!(page?.history.canRedo ?? false)}
        onPress={() => model.redo()}
      />
      <Button
        icon="copy"
        name="copy"
        title={t("copyLabels", { frame: model.copySource.value ?? "–" })}
        keyName="V"
        isOff={page === undefined || model.copySource.value === undefined}
        onPress={() => void model.copyLabels()}
      />
      <Button
        icon="clear"
        title={t("clearFrame")}
        keyName="Delete"
        isOff={page === undefined || !book.labelled.value.has(page.frame)}
        onPress={() => model.withPage((one) => book.clear(one))}
      />
      <hr />
      <Button icon="plus" title={t("zoomIn")} keyName="+" onPress={() => model.zoom(1.25)} />
      <Button icon="minus" title={t("zoomOut")} keyName="−" onPress={() => model.zoom(0.8)} />
      <Button icon="fit" title={t("fit")} keyName="F" onPress={() => model.fit()} />
    </div>
  );
}
