/** @file Of a site: the verdict in a sentence, the numbers, and the frames to look at. */
import type { Site, SiteReport } from "../api/types.ts";
import { addressOf } from "../clip/address.ts";
import type { SiteWatch } from "./siteWatch.ts";
import type { SiteTextKey } from "./texts/en.ts";
import { s } from "./texts/siteTexts.ts";
import { dayOf, scoreText } from "./numbers.ts";
import { decisionClass, decisionText, targetText } from "./words.ts";

export function ReportPart({ site, watch }: { readonly site: Site; readonly watch: SiteWatch }) {
  const report = watch.report.value;
  if (report === undefined) return null;
  if (report === null)
    return (
      <div class="empty">
        <p>{s("reportNone")}</p>
      </div>
    );
  return (
    <>
      <Verdict report={report} site={site} />
      {report.targets.length > 0 && <TargetTable report={report} />}
      <FramesToSee report={report} />
      {report.methods.length > 0 && <MethodTable report={report} />}
    </>
  );
}

function Verdict({ report, site }: { readonly report: SiteReport; readonly site: Site }) {
  const { decision, title, sentences, basis, doubts, changes, made } = report;
  return (
    <section class={`card report-verdict ${decisionClass(decision)}`} aria-label={title} data-name="report-verdict">
      <h2>{title}</h2>
      {!site.current && <p class="problem">{s("reportOld")}</p>}
      {sentences.map((text) => (
        <p key={text} class="sentence">
          {text}
        </p>
      ))}
      {[...basis, ...doubts, ...changes].map((text) => (
        <p key={text}>{text}</p>
      ))}
      <p>
        {s("reportMade", { date: dayOf(made) })} {s("reportOpen")}:{" "}
        {(["en", "ja"] as const).map((one) => (
          <a
            key={one}
            class="page-link"
            href={`/api/sites/${site.id}/report/page?language=${one}`}
            target="_blank"
            rel="noopener"
            lang={one}
            title={s("reportOpenTitle")}
            data-name={`report-${one}`}
          >
            {one === "en" ? "English" : "日本語"}
          </a>
        ))}
      </p>
    </section>
  );
}

function TargetTable({ report }: { readonly report: SiteReport }) {
  return (
    <section class="card" aria-label={s("targets")}>
      <h2>{s("targets")}</h2>
      <Table
        head={["targetHead", "measured", "interval", "decisionHead"]}
        rows={report.targets.map(({ metric, target, decision, score }) => [
          targetText({ metric, value: target }),
          scoreText(score.mean),
          rangeText(score),
          <b class={`word ${decisionClass(decision)}`}>{decisionText(decision)}</b>,
        ])}
      />
    </section>
  );
}

function MethodTable({ report }: { readonly report: SiteReport }) {
  const rows = report.methods.map(({ metric, method, corrections, score }) => [
    corrections > 0 ? s("modelCorrected", { n: corrections }) : s(method as SiteTextKey),
    metric === "iou" ? "IoU" : metric.replace("pck", "PCK"),
    scoreText(score.mean),
    rangeText(score),
    String(score.values),
  ]);
  return (
    <section class="card" aria-label={s("comparedWith")}>
      <h2>{s("comparedWith")}</h2>
      <Table head={["method", "targetHead", "measured", "interval", "framesHead"]} rows={rows} />
    </section>
  );
}

const rangeText = ({ low, high }: { readonly low: number | null; readonly high: number | null }): string =>
  `${scoreText(low)} – ${scoreText(high)}`;

interface TableProps {
  readonly head: readonly SiteTextKey[];
  readonly rows: readonly (readonly preact.ComponentChild[])[];
}

function Table({ head, rows }: TableProps) {
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            {head.map((key) => (
              <th key={key} scope="col">
                {s(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, i) =>
                i === 0 ? (
                  <th key={i} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={i}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FramesToSee({ report }: { readonly report: SiteReport }) {
  if (report.frames.length === 0) return null;
  // The worst first: that is where there is something to do.
  const frames = report.frames.toSorted((a, b) => a.score - b.score);
  return (
    <section class="card" aria-label={s("framesToSee")}>
      <h2>{s("framesToSee")}</h2>
      <ul class="report-frames">
        {frames.map(({ kind, clip, key, frame, score, label, tracked }) => (
          <li key={`${key} ${frame}`}>
            <p>
              <b>{s(kind)}</b> {s("frameCaption", { clip: key, frame, score: scoreText(score) })}
            </p>
            <div class="pair">
              {[["labelled", label] as const, ["tracked", tracked] as const].map(([what, src]) => (
                <figure key={what}>
                  <img src={src} alt={s(what)} loading="lazy" />
                  <figcaption>{s(what)}</figcaption>
                </figure>
              ))}
            </div>
            {clip !== null && (
              <a
                href={addressOf(clip, frame)}
                title={s("reviewTitle", { frame, clip: key })}
                data-name="review"
                data-kind={kind}
              >
                {s("review")}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
