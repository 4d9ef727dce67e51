/** @file Export: choose a format, make the file, download it. */
import type { ClipModel } from "../clip/clipModel.ts";
import { Button } from "../parts/Button.tsx";
import { t } from "../texts/texts.ts";
import { EXPORT_FORMATS, type ExportFormat } from "./exporting.ts";

export function ExportPanel({ model }: { readonly model: ClipModel }) {
  const { exporting, tracking, clip } = model;
  const session = tracking.session.value;
  void tracking.tracked.value?.recorded.value;
  const isEmpty = session === undefined || tracking.tracked.value?.lanes.all().length === 0;
  const isOff = isEmpty || exporting.isMaking.value || tracking.isWorking.value;
  const file = exporting.download.value;
  return (
    <section aria-label={t("export")}>
      <header>
        <h2>{t("export")}</h2>
      </header>
      <div class="fields">
        <label title={t("exportTitle")}>
          <span>{t("exportFormat")}</span>
          <select
            value={exporting.format.value}
            onChange={({ currentTarget }) => {
              exporting.format.value = currentTarget.value as ExportFormat;
              exporting.download.value = undefined;
            }}
          >
            {Object.keys(EXPORT_FORMATS).map((format) => (
              <option key={format}>{format}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="row">
        <Button
          name="export"
          title={t("exportTitle")}
          isOff={isOff}
          onPress={() => session && void exporting.make(session.id, clip, model.book.objects.peek())}
        >
          {exporting.isMaking.value ? t("exportMaking") : t("exportMake")}
        </Button>
      </div>
      {isEmpty && <p class="hint">{t("exportNone")}</p>}
      {exporting.problem.value !== "" && (
        <p class="problem">{t("exportFailed", { problem: exporting.problem.value })}</p>
      )}
      {file && (
        <p>
          <a href={file.href} download={file.name} data-name="download">
            {t("download", { name: file.name })}
          </a>
        </p>
      )}
    </section>
  );
}
