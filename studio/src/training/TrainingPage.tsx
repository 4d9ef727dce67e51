/** @file Training on chosen footage: begin, live curves, samples, stop and go on, what was learned as a file. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { api, ask } from "../api/client.ts";
import { Button } from "../parts/Button.tsx";
import { TopBar } from "../parts/TopBar.tsx";
import { ClipChooser } from "../sites/ClipChooser.tsx";
import { LiveCurves } from "../sites/ModelsPart.tsx";
import { NumberField } from "../sites/NumberField.tsx";
import { s } from "../sites/texts/siteTexts.ts";
import { isAtWork } from "../sites/words.ts";
import { Ended, Working } from "../sites/Working.tsx";
import { Trainings } from "./trainings.ts";
import type { Training } from "./trainingsOf.ts";

export function TrainingPage() {
  const [trainings] = useState(() => new Trainings());
  useEffect(() => () => trainings[Symbol.dispose](), [trainings]);
  const all = trainings.all.value;
  return (
    <>
      <TopBar name="" place="training" />
      <main class="page">
        {trainings.problem.value !== "" && (
          <p class="bar problem" role="alert">
            {trainings.problem.value}
          </p>
        )}
        <Begin trainings={trainings} />
        <section aria-label={s("trainings")}>
          <h2>{s("trainings")}</h2>
          {all?.length === 0 && <p class="hint">{s("noTrainings")}</p>}
          <ul class="lines trainings">
            {all?.map((one, i) => (
              <li key={one.id}>
                <Run training={one} trainings={trainings} isLatest={i === 0} />
              </li>
            ))}
          </ul>
        </section>
      </main>
    </>
  );
}

function Begin({ trainings }: { readonly trainings: Trainings }) {
  const [chosen, minutes] = [useSignal<ReadonlySet<string>>(new Set()), useSignal(30)];
  const init = useSignal<"default" | "none">("default");
  return (
    <section class="card" aria-label={s("trainBegin")}>
      <p class="hint">{s("trainTitle")}</p>
      <ClipChooser title={s("trainFootage")} chosen={chosen} />
      <div class="run-all">
        <NumberField text={s("minutes")} value={minutes} min={0.1} max={100_000} step={0.1} name="minutes" />
        <label class="number-field">
          <span>{s("trainFrom")}</span>
          <select
            value={init.value}
            onChange={({ currentTarget }) => {
              init.value = currentTarget.value as "default" | "none";
            }}
          >
            <option value="default">{s("trainFromDefault")}</option>
            <option value="none">{s("trainFromNone")}</option>
          </select>
        </label>
        <Button
          kind="strong"
          name="train"
          title={s("trainBeginTitle")}
          isOff={chosen.value.size === 0}
          onPress={() => void trainings.begin(chosen.peek(), minutes.peek(), init.peek())}
        >
          {s("trainBegin")}
        </Button>
      </div>
    </section>
  );
}

const STATES = {
  queued: "queued",
  running: "running",
  done: "trainDone",
  failed: "trainFailed",
  cancelled: "trainStopped",
} as const;

interface RunProps {
  readonly training: Training;
  readonly trainings: Trainings;
  readonly isLatest: boolean;
}

function Run({ training, trainings, isLatest }: RunProps) {
  const { id, latest, clips, minutes, begun } = training;
  const isOpen = useSignal(isLatest);
  return (
    <details
      class="card"
      open={isOpen.value}
      data-name="training"
      data-state={latest.state}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>
        <b>{new Date(begun.created).toLocaleString()}</b> {s("trainedOn", { n: clips, minutes })} ·{" "}
        <span class="word">{s(STATES[latest.state])}</span>
      </summary>
      {isOpen.value && (
        <>
          <LiveCurves path={`/api/jobs/${id}/metrics`} />
          {isAtWork(latest) ? (
            <Working job={latest} at={s("running")} onStop={() => void trainings.stop(training)} />
          ) : (
            <>
              <Ended job={latest} />
              <div class="row ends">
                {latest.state !== "done" && (
                  <Button
                    kind="strong"
                    name="go-on"
                    title={s("trainGoOnTitle")}
                    onPress={() => void trainings.goOn(training)}
                  >
                    {s("trainGoOn")}
                  </Button>
                )}
                {latest.state === "done" && (
                  <a
                    class="button"
                    href={`/api/jobs/${id}/files/weights.safetensors`}
                    download="weights.safetensors"
                    title={s("weightsTitle")}
                  >
                    {s("weights")}
                  </a>
                )}
              </div>
            </>
          )}
          <Samples job={id} beat={latest.progress?.left ?? latest.ended} />
        </>
      )}
    </details>
  );
}

/** Sheets that are shown: how it began, and how it is now. */
const SHEETS = 2;

/** The first and the latest sheet of samples. @param beat changes when there may be another one */
function Samples({ job, beat }: { readonly job: string; readonly beat: number | null }) {
  const [sheets, setSheets] = useState<readonly string[]>([]);
  useEffect(() => {
    ask(api.GET("/api/jobs/{job}/files", { params: { path: { job } } })).then(
      ({ files }) => setSheets(files.map(({ path }) => path).filter((path) => /^samples\/\d+\.png$/u.test(path))),
      () => {},
    );
  }, [job, beat]);
  if (sheets.length === 0) return null;
  const shown = sheets.length <= SHEETS ? sheets : [sheets[0], sheets.at(-1) as string];
  return (
    <section aria-label={s("samples")}>
      <h3>{s("samples")}</h3>
      <p class="hint">{s("samplesHint")}</p>
      <div class="pair">
        {shown.map((path) => {
          const text = s("sampleAt", { step: Number(/\d+/u.exec(path)?.[0]) });
          return (
            <figure key={path}>
              <img src={`/api/jobs/${job}/files/${path}`} alt={text} />
              <figcaption>{text}</figcaption>
            </figure>
          );
        })}
      </div>
    </section>
  );
}
