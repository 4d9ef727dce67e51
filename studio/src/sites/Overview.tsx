/** @file Of a site: what to do next, its steps, its targets, its labels, its footage. */
import { useSignal } from "@preact/signals";
import type { Site } from "../api/types.ts";
import { addressOf, siteAddress } from "../clip/address.ts";
import { Button } from "../parts/Button.tsx";
import type { PlannedFrame } from "./labelQueue.ts";
import { NumberField } from "./NumberField.tsx";
import type { SiteWatch } from "./siteWatch.ts";
import { s } from "./texts/siteTexts.ts";
import { t } from "../texts/texts.ts";
import { dayOf, timeText } from "./numbers.ts";
import { decisionClass, decisionText, isAtWork, targetText } from "./words.ts";
import { Ended, Working } from "./Working.tsx";

interface PartProps {
  readonly site: Site;
  readonly watch: SiteWatch;
}

const STEP_NAMES = {
  check: "check",
  plan: "plan",
  adapt: "adapt",
  tune: "tune",
  track: "track",
  report: "reportStep",
} as const;
const STEP_TITLES = {
  check: "checkTitle",
  plan: "planTitle",
  adapt: "adaptTitle",
  tune: "tuneTitle",
  track: "trackTitle",
  report: "reportTitle",
} as const;

export function Overview({ site, watch }: PartProps) {
  return (
    <div class="columns">
      <div>
        <Next site={site} watch={watch} />
        <Labels site={site} watch={watch} />
      </div>
      <div>
        <Targets site={site} watch={watch} />
        <Steps site={site} />
        <Footage site={site} watch={watch} />
      </div>
    </div>
  );
}

function Next({ site, watch }: PartProps) {
  const { next, job, decision, labels } = site;
  const open = watch.plan.value.filter(({ labelled }) => !labelled);
  const text = {
    run: s("nextRun"),
    label: s("nextLabel", { n: open.length, time: timeText(labels?.leftSec ?? 0) }),
    more: s("nextMore"),
    decide: s("nextDecide"),
  }[next];
  return (
    <section class="card next" aria-label={s("next")} data-name="next" data-next={next}>
      <h2>{s("next")}</h2>
      {job !== null && isAtWork(job) ? (
        <Working
          job={job}
          at={site.working === null ? s("working") : s(STEP_NAMES[site.working])}
          onStop={() => void watch.stop()}
        />
      ) : (
        <>
          <p>
            {text} {next === "decide" && decision !== null && <Decided decision={decision} />}
          </p>
          <Ended job={job} />
          <div class="row ends">
            {next === "label" && <LabelNext site={site} open={open} />}
            {(next === "decide" || next === "more") && (
              <a class="button strong" href={siteAddress(site.id, "report")}>
                {s("seeReport")}
              </a>
            )}
          </div>
          <RunAll site={site} watch={watch} />
        </>
      )}
    </section>
  );
}

function Decided({ decision }: { readonly decision: NonNullable<Site["decision"]> }) {
  return <b class={`word ${decisionClass(decision)}`}>{decisionText(decision)}</b>;
}

function LabelNext({ site, open }: { readonly site: Site; readonly open: readonly PlannedFrame[] }) {
  const first = open.find(({ clip }) => clip !== null);
  if (first === undefined || first.clip === null) return null;
  return (
    <a
      class="button strong"
      href={addressOf(first.clip, first.frame, site.id)}
      title={s("labelNextTitle")}
      data-name="label-next"
    >
      {s("labelNext")}
    </a>
  );
}

function RunAll({ site, watch }: PartProps) {
  const [adapt, tune] = [useSignal(10), useSignal(5)];
  return (
    <div class="run-all" title={s("runWith")}>
      <Button
        kind={site.next === "run" ? "strong" : "plain"}
        name="run-all"
        title={s("runAllTitle")}
        onPress={() => void watch.begin({ step: "run", adaptMinutes: adapt.peek(), tuneMinutes: tune.peek() })}
      >
        {s("runAll")}
      </Button>
      <NumberField text={s("learnMinutes")} value={adapt} min={0} max={100_000} step={1} name="learn-minutes" />
      <NumberField text={s("tuneMinutes")} value={tune} min={0} max={100_000} step={1} name="tune-minutes" />
    </div>
  );
}

function Steps({ site }: { readonly site: Site }) {
  return (
    <section class="card" aria-label={s("steps")}>
      <h2>{s("steps")}</h2>
      <ol class="steps">
        {site.steps.map(({ step, state, why }) => {
          const isNow = site.working === step;
          const shown = isNow ? "doing" : state === "failed" ? "without" : state;
          return (
            <li key={step} class={shown} title={why ?? s(STEP_TITLES[step])} data-name="step" data-step={step}>
              <span>{s(STEP_NAMES[step])}</span>
              <span class="state">{s(shown)}</span>
              {why !== null && <small lang="en">{why}</small>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Targets({ site, watch }: PartProps) {
  const known = site.targets.find(({ metric }) => metric === "iou")?.value ?? 0.8;
  const value = useSignal(known);
  const change = (): void => {
    // oxlint-disable-next-line no-alert -- every later report will tell it
    if (site.reported === null || confirm(s("changeTargetSure"))) void watch.setTarget(value.peek());
  };
  return (
    <section class="card" aria-label={s("targets")}>
      <h2>{s("targets")}</h2>
      {site.targets.length === 0 && <p>{s("noTarget")}</p>}
      <ul class="lines">
        {site.targets.map((target) => (
          <li key={target.metric}>
            <b>{targetText(target)}</b> <span>{s("targetSet", { date: dayOf(target.set) })}</span>
            {target.afterResults && <span class="problem"> {s("targetAfter")}</span>}
          </li>
        ))}
      </ul>
      <details>
        <summary>{s("changeTarget")}</summary>
        <div class="run-all">
          <NumberField text={s("target")} value={value} min={0.01} max={0.99} step={0.01} name="target" />
          <Button
            name="change-target"
            title={s("changeTargetTitle")}
            isOff={isAtWork(site.job) || value.value === known}
            onPress={change}
          >
            {s("changeTarget")}
          </Button>
        </div>
      </details>
    </section>
  );
}

/** Pictures at once; who has more to label sees them as they come. */
const SHOWN = 48;

function Labels({ site, watch }: PartProps) {
  const { labels } = site;
  const frames = watch.plan.value;
  return (
    <section class="card" aria-label={s("labels")}>
      <h2>{s("labels")}</h2>
      {labels === null ? (
        <p>{s("labelsNone")}</p>
      ) : (
        <>
          <p>
            {s("labelsCount", labels)}{" "}
            {s("labelsReach", { reach: labels.reach.toFixed(3), wanted: labels.wantedReach })}
          </p>
          <progress aria-label={s("labels")} value={labels.labelled} max={Math.max(1, labels.planned)} />
          <ol class="plan" aria-label={s("planFrames")}>
            {frames.slice(0, SHOWN).map((one, i) => (
              <li key={`${one.key} ${one.frame}`}>
                <Planned one={one} order={i + 1} site={site.id} />
              </li>
            ))}
          </ol>
          {frames.length > SHOWN && <p>{s("moreFrames", { n: frames.length - SHOWN })}</p>}
        </>
      )}
    </section>
  );
}

interface PlannedProps {
  readonly one: PlannedFrame;
  readonly order: number;
  readonly site: string;
}

function Planned({ one, order, site }: PlannedProps) {
  const { clip, key, frame, role, labelled } = one;
  const words = { frame, clip: key, role: s(role), state: s(labelled ? "isLabelled" : "isOpen") };
  return (
    <a
      class={labelled ? "planned labelled" : "planned"}
      {...(clip !== null && { href: addressOf(clip, frame, site) })}
      title={`${s("planFrame", words)}. ${s(`${role}Title`)}`}
      data-name="planned"
      data-labelled={labelled}
    >
      <span class="thumbnail">
        {clip !== null && <img src={`/api/clips/${clip}/frames/${frame}?shortSide=120`} alt="" loading="lazy" />}
      </span>
      <span>
        {order}. <span class={`role ${role}`}>{s(role)}</span>
        {labelled && <span class="word good"> ✓</span>}
      </span>
    </a>
  );
}

function Footage({ site, watch }: PartProps) {
  const cameras = [...new Set(site.clips.map(({ camera }) => camera))];
  return (
    <section class="card" aria-label={s("footageOf")}>
      <h2>{s("footageOf")}</h2>
      {cameras.map((camera) => (
        <div key={camera}>
          <h3>{camera}</h3>
          <ul class="lines">
            {site.clips
              .filter((clip) => clip.camera === camera)
              .map(({ key, id, frames }) => (
                <li key={key}>
                  {id === null ? key : <a href={addressOf(id)}>{key}</a>}{" "}
                  <span>{id === null ? s("gone") : t("frames", { n: frames })}</span>
                </li>
              ))}
          </ul>
        </div>
      ))}
      <div class="row ends">
        <Button
          kind="quiet"
          icon="clear"
          name="remove-site"
          title={s("removeSiteTitle", { name: site.name })}
          isOff={isAtWork(site.job)}
          onPress={() => void remove(site, watch)}
        >
          {s("removeSite")}
        </Button>
      </div>
    </section>
  );
}

async function remove({ name }: Site, watch: SiteWatch): Promise<void> {
  // oxlint-disable-next-line no-alert -- nothing brings a deleted site back
  if (confirm(s("removeSiteSure", { name })) && (await watch.remove())) location.hash = "#/sites";
}
