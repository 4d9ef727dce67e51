/** @file The screen of one clip. */
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../api/client.ts";
import { ExportPanel } from "../export/ExportPanel.tsx";
import { LayerPanel } from "../inspect/LayerPanel.tsx";
import { WhyPanel } from "../inspect/WhyPanel.tsx";
import { isHelpOpen } from "../help/isHelpOpen.ts";
import { ObjectPanel } from "../label/ObjectPanel.tsx";
import { Button } from "../parts/Button.tsx";
import { TopBar } from "../parts/TopBar.tsx";
import { StageView } from "../player/StageView.tsx";
import { Transport } from "../player/Transport.tsx";
import { TrackPanel } from "../run/TrackPanel.tsx";
import { t } from "../texts/texts.ts";
import { Timeline } from "../timeline/Timeline.tsx";
import { ClipModel } from "./clipModel.ts";
import { actionOf, isForControl } from "./keys.ts";
import { late } from "../parts/late.tsx";
import { addressOf, frameOfAddress, siteOfAddress } from "./address.ts";
import { SaveWord } from "./SaveWord.tsx";
import { ToolBar } from "./ToolBar.tsx";

const QueueBar = late(async () => (await import("../sites/QueueBar.tsx")).QueueBar);

export function ClipPage({ id }: { readonly id: string }) {
  const [model, setModel] = useState<ClipModel>();
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const left = new AbortController();
    let opened: ClipModel | undefined;
    ask(api.GET("/api/clips/{clip}", { params: { path: { clip: id } }, signal: left.signal }))
      .then((clip) => {
        opened = new ClipModel(clip);
        setModel(opened);
        return opened.open(frameOfAddress());
      })
      .catch((error: Error) => left.signal.aborted || setProblem(error.message));
    return () => {
      left.abort();
      opened?.[Symbol.dispose]();
    };
  }, [id]);
  return (
    <>
      <TopBar name={model?.clip.name ?? ""} mayLeave={() => model === undefined || mayLeave(model)}>
        {model && <SaveWord book={model.book} />}
      </TopBar>
      {problem !== "" && <p class="bar problem">{problem}</p>}
      {model ? <Workbench model={model} /> : <main class="waiting">{problem === "" && t("loading")}</main>}
    </>
  );
}

/** What is not saved for a reason that a person has to decide about is lost with the page. */
function mayLeave({ book: { state } }: ClipModel): boolean {
  const isStuck = state.peek() === "conflict" || state.peek() === "failed";
  // oxlint-disable-next-line no-alert -- the page's own question would be lost with the page
  return !isStuck || confirm(t("leave"));
}

function Workbench({ model }: { readonly model: ClipModel }) {
  useEffect(() => followKeys(model), [model]);
  useEffect(() => followReturn(model), [model]);
  const [site] = useState(() => siteOfAddress());
  useEffect(
    () =>
      model.player.frame.subscribe((frame) => history.replaceState(null, "", addressOf(model.clip.id, frame, site))),
    [model],
  );
  return (
    <main class="workbench">
      <div class="bars">
        {site !== undefined && <QueueBar model={model} site={site} />}
        <Conflict model={model} />
      </div>
      <ToolBar model={model} />
      <StageView model={model} />
      <aside>
        <WhyPanel model={model} />
        <ObjectPanel model={model} />
        <TrackPanel model={model} />
        <LayerPanel model={model} />
        <ExportPanel model={model} />
      </aside>
      <footer>
        <Transport model={model} />
        <Timeline model={model} />
      </footer>
    </main>
  );
}

function followKeys(model: ClipModel): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (isForControl(event) || isHelpOpen.peek()) return;
    const act = actionOf(event);
    if (act === undefined) return;
    event.preventDefault();
    act(model);
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}

/** Who comes back to this tab sees what was changed in another; who leaves with unsaved work is asked. */
function followReturn({ book }: ClipModel): () => void {
  const ends = new AbortController();
  addEventListener("focus", () => void book.refresh(), { signal: ends.signal });
  addEventListener(
    "beforeunload",
    (event) => {
      if (book.state.peek() !== "saved") event.preventDefault();
    },
    { signal: ends.signal },
  );
  return () => ends.abort();
}

function Conflict({ model: { book } }: { readonly model: ClipModel }) {
  const frame = book.conflict.value;
  if (book.state.value === "failed")
    return (
      <div class="bar problem" role="alert">
        <p>{t("failedBar", { problem: book.problem.value })}</p>
        <Button title={t("again")} onPress={() => void book.again()}>
          {t("again")}
        </Button>
      </div>
    );
  if (frame === undefined) return null;
  return (
    <div class="bar warn" role="alert" data-name="conflict">
      <p>{t("conflictBar", { frame })}</p>
      <Button name="keep-mine" title={t("keepMineTitle")} onPress={() => void book.keepMine(frame)}>
        {t("keepMine")}
      </Button>
      <Button name="take-theirs" title={t("takeTheirsTitle")} onPress={() => void book.takeTheirs(frame)}>
        {t("takeTheirs")}
      </Button>
    </div>
  );
}
