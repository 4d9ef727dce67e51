/** @file Files on their way: how far, how long still, and what went wrong. */
import { Button } from "../parts/Button.tsx";
import { clockText } from "../player/player.ts";
import { t } from "../texts/texts.ts";
import type { Upload, Uploads } from "./uploads.ts";

export function UploadList({ uploads }: { readonly uploads: Uploads }) {
  if (uploads.all.value.length === 0) return null;
  return (
    <ul class="uploads" aria-label={t("uploads")}>
      {uploads.all.value.map((upload) => (
        <UploadRow key={upload.key} upload={upload} uploads={uploads} />
      ))}
    </ul>
  );
}

function UploadRow({ upload, uploads }: { readonly upload: Upload; readonly uploads: Uploads }) {
  const { key, file, state, sent, problem } = upload;
  const isOver = state === "done" || state === "failed" || state === "known";
  return (
    <li data-name="upload" data-state={state}>
      <b>{file.name}</b>
      {state === "sending" && (
        <progress aria-label={t("uploading", { name: file.name })} value={sent} max={Math.max(1, file.size)} />
      )}
      <span class={state === "failed" ? "problem" : ""} role="status">
        {state === "failed" ? t("uploadFailed", { problem }) : wordsOf(upload)}
      </span>
      {(state === "failed" || state === "known") && (
        <Button name="upload-begin" title={t("uploadBeginTitle")} onPress={() => uploads.begin(key)}>
          {t(state === "known" ? "uploadAnyway" : "again")}
        </Button>
      )}
      <Button kind="quiet" title={t(isOver ? "uploadForget" : "uploadStop")} onPress={() => uploads.drop(key)}>
        {t(isOver ? "close" : "stop")}
      </Button>
    </li>
  );
}

function wordsOf({ state, file, sent, left }: Upload): string {
  if (state === "waiting") return t("queued");
  if (state === "known") return t("uploadKnown");
  if (state === "done") return t("uploadDone");
  const share = t("uploadShare", { done: megabytes(sent), total: megabytes(file.size) });
  return left === undefined ? share : `${share}, ${t("left", { time: clockText(left).replace(/\..*$/u, "") })}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
