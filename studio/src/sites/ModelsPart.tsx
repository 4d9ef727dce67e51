/** @file Of a site: learning on its footage as it goes, and its models with why they are used or not. */
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../api/client.ts";
import type { Site, SiteModels } from "../api/types.ts";
import { Button } from "../parts/Button.tsx";
import { Curves } from "../training/Curves.tsx";
import { RunMetrics } from "../training/metrics.ts";
import { NumberField } from "./NumberField.tsx";
import type { SiteWatch } from "./siteWatch.ts";
import { s } from "./texts/siteTexts.ts";
import { dayOf, pointsText } from "./numbers.ts";
import { isAtWork } from "./words.ts";
import { Ended, Working } from "./Working.tsx";

type SiteModel = SiteModels["models"][number];

interface PartProps {
  readonly site: Site;
  readonly watch: SiteWatch;
}

export function ModelsPart({ site, watch }: PartProps) {
  return (
    <>
      <Learning site={site} watch={watch} />
      <Models site={site} watch={watch} />
    </>
  );
}

function Learning({ site, watch }: PartProps) {
  const minutes = useSignal(30);
  const { job } = site;
  const learning = watch.models.value?.learning ?? null;
  const learns = ["adapt", "run"].includes(String(job?.task["step"]));
  return (
    <section class="card" aria-label={s("learning")}>
      <h2>{s("learning")}</h2>
      <p class="hint">{s("learnTitle")}</p>
      {learning !== null && (
        <p>
          {learning.trained
            ? s("comparing")
            : s("learnUnderWay", { minutes: learning.minutes, clips: learning.clips, aside: learning.aside })}
        </p>
      )}
      {job !== null && learns && learning !== null && <LiveCurves key={job.id} path={`/api/jobs/${job.id}/metrics`} />}
      {job !== null && isAtWork(job) ? (
        <Working
          job={job}
          at={site.working === "adapt" ? s("learning") : s("working")}
          onStop={() => void watch.stop()}
        />
      ) : (
        <>
          <Ended job={job} />
          <div class="run-all">
            <Button
              kind="strong"
              name="learn"
              title={s("learnBeginTitle")}
              onPress={() => void watch.begin({ step: "adapt", minutes: learning?.minutes ?? minutes.peek() })}
            >
              {s(learning === null ? "learnBegin" : "learnGoOn")}
            </Button>
            {learning === null && (
              <NumberField text={s("minutes")} value={minutes} min={1} max={100_000} step={1} name="minutes" />
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** How often the steps of a run are read, ms. */
const EVERY = 1000;

/** Curves that grow. */
export function LiveCurves({ path }: { readonly path: string }) {
  const [metrics] = useState(() => new RunMetrics(path));
  const problem = useSignal("");
  useEffect(() => {
    const read = (): void =>
      void metrics.read().catch((error: unknown) => {
        problem.value = messageOf(error);
      });
    read();
    const timer = setInterval(read, EVERY);
    return () => clearInterval(timer);
  }, [metrics]);
  if (problem.value !== "") return <p class="problem">{problem.value}</p>;
  return <Curves metrics={metrics} />;
}

function Models({ site, watch }: PartProps) {
  const models = watch.models.value?.models ?? [];
  const isOff = isAtWork(site.job);
  return (
    <section class="card" aria-label={s("modelList")}>
      <header>
        <h2>{s("modelList")}</h2>
        {models.length > 1 && (
          <Button
            icon="undo"
            name="rollback"
            title={s("rollbackTitle")}
            isOff={isOff || site.model === 0}
            onPress={() => void watch.rollback()}
          >
            {s("rollback")}
          </Button>
        )}
      </header>
      <div class="wide">
        <table>
          <thead>
            <tr>
              {(["modelNumber", "modelMade", "modelGain", "modelDecision"] as const).map((key) => (
                <th key={key} scope="col">
                  {s(key)}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {models.toReversed().map((model) => (
              <ModelRow key={model.number} model={model} site={site} watch={watch} isOff={isOff} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps extends PartProps {
  readonly model: SiteModel;
  readonly isOff: boolean;
}

function ModelRow({ model, site, watch, isOff }: RowProps) {
  const { number, name, made, accepted, inUse, state } = model;
  const isOpen = useSignal(false);
  return (
    <>
      <tr data-name="model" data-number={number} data-in-use={inUse}>
        <th scope="row">
          {number} <span class="hint">{name}</span>
        </th>
        <td>{number === 0 ? s("packaged") : dayOf(made)}</td>
        <td>{gainText(model)}</td>
        <td>
          {number > 0 && (
            <>
              <b class={`word ${accepted ? "good" : "poor"}`}>{s(accepted ? "accepted" : "refused")}</b>{" "}
              <Button
                kind="quiet"
                name="why"
                title={s("howLearned", { number })}
                isPressed={isOpen.value}
                onPress={() => {
                  isOpen.value = !isOpen.peek();
                }}
              >
                {s("reasonOf")}
              </Button>
            </>
          )}
        </td>
        <td>
          {inUse ? (
            <b class="word good">{s("modelInUse")}</b>
          ) : state === "gone" ? (
            <span class="problem">{s("weightsGone")}</span>
          ) : (
            <Button
              name="use"
              title={s("modelUseTitle", { number })}
              isOff={isOff}
              onPress={() => void watch.useModel(number)}
            >
              {s("modelUse")}
            </Button>
          )}
        </td>
      </tr>
      {isOpen.value && (
        <tr>
          <td colSpan={5}>
            <p lang="en">{model.reason}</p>
            <Learned path={`/api/sites/${site.id}/models/${number}/metrics`} />
          </td>
        </tr>
      )}
    </>
  );
}

function gainText({ scores }: SiteModel): string {
  const { gain, gainLow, stretches = 0, tuningGain, tuningFrames = 0 } = scores;
  if (gain === undefined) return "–";
  const low = gainLow === undefined ? "–" : pointsText(gainLow);
  const parts = [s("gainText", { gain: pointsText(gain), low, stretches })];
  if (tuningGain !== undefined) parts.push(s("tuningText", { gain: pointsText(tuningGain), frames: tuningFrames }));
  return parts.join("; ");
}

/** The curves of a model that is there. */
function Learned({ path }: { readonly path: string }) {
  const [metrics] = useState(() => new RunMetrics(path));
  const isRead = useSignal(false);
  useEffect(() => {
    void metrics.read().then(() => {
      isRead.value = true;
    });
  }, [metrics]);
  if (!isRead.value) return null;
  return metrics.steps.value.length === 0 ? <p class="hint">{s("noCurve")}</p> : <Curves metrics={metrics} />;
}
