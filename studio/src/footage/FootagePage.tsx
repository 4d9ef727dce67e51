/** @file The clips of the folders; files that are dropped here are added. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../parts/Button.tsx";
import { TopBar } from "../parts/TopBar.tsx";
import { language, t } from "../texts/texts.ts";
import { ClipCard } from "./ClipCard.tsx";
import { Footage } from "./footage.ts";
import { UploadList } from "./UploadList.tsx";

export function FootagePage() {
  const [footage] = useState(() => new Footage());
  const isOver = useSignal(false);
  const hint = useSignal("");
  useEffect(() => () => footage[Symbol.dispose](), [footage]);
  useEffect(() => followDrops(footage, isOver, hint), [footage]);
  useEffect(() => {
    // Findings are told in words.
    for (const id of footage.facts.peek().keys()) void footage.readCheck(id);
  }, [language.value]);
  const clips = footage.clips.value;
  const problem = footage.problem.value || hint.value;
  return (
    <>
      <TopBar name="" mayLeave={() => true}>
        <AddFiles footage={footage} />
      </TopBar>
      {problem !== "" && (
        <p class="bar problem" role="alert">
          {problem}
        </p>
      )}
      <main class={`footage${isOver.value ? " over" : ""}`}>
        <UploadList uploads={footage.uploads} />
        {clips === undefined && problem === "" && <p>{t("loading")}</p>}
        {clips?.length === 0 && (
          <div class="empty">
            <p>{t("footageEmpty")}</p>
            <p class="hint">{t("footageEmptyTodo")}</p>
          </div>
        )}
        <ul class="clips">
          {clips?.map((clip) => (
            <ClipCard key={clip.id} clip={clip} footage={footage} />
          ))}
        </ul>
        {clips !== undefined && clips.length > 0 && <p class="hint">{t("dropHint")}</p>}
      </main>
    </>
  );
}

function AddFiles({ footage }: { readonly footage: Footage }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="video/*,.mkv,.avi,.gif"
        multiple
        hidden
        data-name="files"
        onChange={({ currentTarget }) => {
          footage.uploads.add([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
      <Button icon="plus" name="add-files" title={t("addFilesTitle")} onPress={() => input.current?.click()}>
        {t("addFiles")}
      </Button>
    </>
  );
}

type Flag = ReturnType<typeof useSignal<boolean>>;
type Words = ReturnType<typeof useSignal<string>>;

/** Files anywhere on the page. A folder cannot be sent: it is said what to do instead. */
function followDrops({ uploads }: Footage, isOver: Flag, hint: Words): () => void {
  const ends = new AbortController();
  const options = { signal: ends.signal };
  addEventListener(
    "dragover",
    (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      isOver.value = true;
    },
    options,
  );
  addEventListener(
    "dragleave",
    ({ relatedTarget }) => {
      if (relatedTarget === null) isOver.value = false;
    },
    options,
  );
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      isOver.value = false;
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
      hint.value = items.some((item) => item.webkitGetAsEntry()?.isDirectory === true) ? t("dropFolder") : "";
      const files = items.flatMap((item) =>
        item.webkitGetAsEntry()?.isDirectory === true ? [] : (item.getAsFile() ?? []),
      );
      uploads.add(files);
    },
    options,
  );
  return () => ends.abort();
}
