/** @file The page: choose a clip, paint, track, save, all in this browser. */
import { useEffect } from "preact/hooks";
import { colourOf } from "../../src/label/colours.ts";
import { Button } from "../../src/parts/Button.tsx";
import { LanguageAndTheme } from "../../src/parts/LanguageAndTheme.tsx";
import { type Alone, BRUSH, type Tool } from "./alone.ts";
import { actionOf } from "./keys.ts";
import { StageView } from "./StageView.tsx";
import { t } from "./texts.ts";

interface Props {
  readonly model: Alone;
}

export function AlonePage({ model }: Props) {
  useEffect(() => followPage(model), [model]);
  return (
    <>
      <Top model={model} />
      {model.problem.value !== "" && (
        <p class="bar problem" role="alert" data-name="problem">
          {model.problem.value}
        </p>
      )}
      {!crossOriginIsolated && (
        <p class="bar warn" role="note">
          {t("slow")}
        </p>
      )}
      {model.clip.value === undefined ? <Begin model={model} /> : <Workbench model={model} />}
    </>
  );
}

/** Keys, and files that are dropped. */
function followPage(model: Alone): () => void {
  const ends = new AbortController();
  const options = { signal: ends.signal };
  addEventListener("dragover", (event) => event.preventDefault(), options);
  addEventListener(
    "drop",
    (event) => {
      event.preventDefault();
      void model.open([...(event.dataTransfer?.files ?? [])]);
    },
    options,
  );
  addEventListener(
    "keydown",
    (event) => {
      const act = actionOf(event);
      if (act === undefined || model.clip.peek() === undefined) return;
      event.preventDefault();
      act(model);
    },
    options,
  );
  return () => ends.abort();
}

function Top({ model }: Props) {
  return (
    <header class="top">
      <span class="brand">tsumugi</span>
      <h1>{model.clip.value?.name ?? t("title")}</h1>
      <span class="alone-privacy">{t("privacy")}</span>
      <span class="grow" />
      {model.clip.value !== undefined && <Chooser model={model} kind="quiet" />}
      <LanguageAndTheme t={t} />
    </header>
  );
}

function Chooser({ model, kind }: Props & { readonly kind: "strong" | "quiet" }) {
  return (
    <label class={`button ${kind} alone-file`} title={t("chooseTitle")}>
      {t("choose")}
      <input
        type="file"
        multiple
        accept="video/*,image/png,image/jpeg,image/webp"
        data-name="clip-files"
        onChange={({ currentTarget }) => void model.open([...(currentTarget.files ?? [])])}
      />
    </label>
  );
}

function Begin({ model }: Props) {
  return (
    <main class="alone-begin">
      <p>{t("intro")}</p>
      <Chooser model={model} kind="strong" />
      <p class="hint">{t("drop")}</p>
    </main>
  );
}

function Workbench({ model }: Props) {
  return (
    <main class="workbench">
      <ToolBar model={model} />
      <StageView model={model} />
      <aside>
        <LabelPanel model={model} />
        <TrackPanel model={model} />
      </aside>
      <Transport model={model} />
    </main>
  );
}

function ToolBar({ model }: Props) {
  const tool = (name: Tool, keyName: string) => (
    <Button
      name={name}
      icon={name}
      title={t(name)}
      keyName={keyName}
      isPressed={model.tool.value === name}
      onPress={() => {
        model.tool.value = name;
      }}
    />
  );
  return (
    <div class="toolbar" role="toolbar" aria-label={t("tools")}>
      {tool("brush", "B")}
      {tool("eraser", "X")}
      <hr />
      <Button
        icon="undo"
        title={t("undo")}
        keyName="Ctrl Z"
        isOff={!model.canTravel("undo")}
        onPress={() => model.undo()}
      />
      <Button
        icon="redo"
        title={t("redo")}
        keyName="Ctrl Shift Z"
        isOff={!model.canTravel("redo")}
        onPress={() => model.redo()}
      />
      <Button
        icon="clear"
        title={t("clear")}
        keyName="Delete"
        isOff={!model.labelled.value.includes(model.frame.value)}
        onPress={() => model.clear()}
      />
    </div>
  );
}

function LabelPanel({ model }: Props) {
  const frames = model.labelled.value.toSorted((a, b) => a - b);
  return (
    <section aria-label={t("label")}>
      <header>
        <h2>{t("label")}</h2>
      </header>
      <div class="fields">
        <label title={t("objectTitle")}>
          <span>
            <i class="alone-swatch" style={{ background: colourOf(model.object.value) }} /> {t("object")}
          </span>
          <input
            type="number"
            min={1}
            max={254}
            value={model.object.value}
            data-name="object"
            onChange={({ currentTarget: { valueAsNumber: id } }) => {
              if (id >= 1 && id <= 254) model.object.value = Math.round(id);
            }}
          />
        </label>
        <label title={t("sizeTitle")}>
          <span>{t("size")}</span>
          <input
            type="range"
            min={BRUSH.least}
            max={BRUSH.most}
            value={model.size.value}
            data-name="size"
            onInput={({ currentTarget }) => {
              model.size.value = currentTarget.valueAsNumber;
            }}
          />
        </label>
      </div>
      <label class="button plain alone-file" title={t("loadMaskTitle")}>
        {t("loadMask")}
        <input
          type="file"
          accept="image/png"
          data-name="mask-file"
          onChange={({ currentTarget: { files } }) => files?.[0] && void model.loadMask(files[0])}
        />
      </label>
      <p class="hint">{frames.length === 0 ? t("labelHint") : t("labelledFrames", { frames: frames.join(", ") })}</p>
    </section>
  );
}

function TrackPanel({ model }: Props) {
  const { tracking } = model;
  const strangers = model.strangers.value;
  return (
    <section aria-label={t("track")}>
      <header>
        <h2>{t("track")}</h2>
      </header>
      <div class="row">
        {tracking.isWorking ? (
          <Button name="stop" title={t("stopTitle")} keyName="C" onPress={() => tracking.stop()}>
            {t("stop")}
          </Button>
        ) : (
          <Button
            kind="strong"
            name="track"
            title={t("trackTitle")}
            keyName="G"
            isOff={model.labelled.value.length === 0}
            onPress={() => model.track()}
          >
            {t("track")}
          </Button>
        )}
        <Button
          name="save"
          title={t("saveTitle")}
          isOff={tracking.done.value === 0 || tracking.isWorking}
          onPress={() => model.download()}
        >
          {t("save")}
        </Button>
      </div>
      {tracking.isWorking && (
        <progress aria-label={t("track")} max={tracking.total.value} value={tracking.done.value} />
      )}
      <Outcome model={model} />
      {strangers.length > 0 && <p class="problem">{t("strangers", { objects: strangers.join(", ") })}</p>}
    </section>
  );
}

function Outcome({ model: { tracking } }: Props) {
  const state = tracking.state.value;
  if (state === "idle") return null;
  const given = {
    done: tracking.done.value,
    total: tracking.total.value,
    pace: tracking.pace.value.toFixed(1),
    problem: tracking.problem.value,
  };
  return (
    <p role="status" class={state === "failed" ? "problem" : "hint"} data-name="state" data-state={state}>
      {t(state, given)}
    </p>
  );
}

function Transport({ model }: Props) {
  const last = (model.clip.value?.frameCount ?? 1) - 1;
  const isPlaying = model.isPlaying.value;
  return (
    <footer>
      <div class="transport">
        <Button
          kind="quiet"
          icon="stepBack"
          title={t("back")}
          keyName="←"
          onPress={() => void model.go(model.frame.peek() - 1)}
        />
        <Button
          icon={isPlaying ? "pause" : "play"}
          name="play"
          title={t(isPlaying ? "pause" : "play")}
          keyName="Space"
          onPress={() => void model.play()}
        />
        <Button
          kind="quiet"
          icon="stepOn"
          title={t("on")}
          keyName="→"
          onPress={() => void model.go(model.frame.peek() + 1)}
        />
        <input
          class="alone-frames"
          type="range"
          min={0}
          max={last}
          value={model.frame.value}
          aria-label={t("frame")}
          data-name="frames"
          onInput={({ currentTarget }) => void model.go(currentTarget.valueAsNumber)}
        />
        <output class="clock">
          {t("frame")} {model.frame.value} <span>/ {last}</span>
        </output>
      </div>
    </footer>
  );
}
