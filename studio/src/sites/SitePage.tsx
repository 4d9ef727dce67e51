/** @file A site: overview, training and models, report. */
import { useEffect, useState } from "preact/hooks";
import { SITE_PARTS, siteAddress, type SitePart } from "../clip/address.ts";
import { TopBar } from "../parts/TopBar.tsx";
import { language, t } from "../texts/texts.ts";
import { ModelsPart } from "./ModelsPart.tsx";
import { Overview } from "./Overview.tsx";
import { ReportPart } from "./ReportPart.tsx";
import { SiteWatch } from "./siteWatch.ts";
import { s } from "./texts/siteTexts.ts";

const NAMES = { site: "overview", models: "models", report: "report" } as const;

export function SitePage({ id, part }: { readonly id: string; readonly part: SitePart }) {
  const [watch] = useState(() => new SiteWatch(id));
  useEffect(() => () => watch[Symbol.dispose](), [watch]);
  useEffect(() => {
    // The verdict is told in words.
    if (watch.report.peek() != null) void watch.readReport();
  }, [language.value]);
  const site = watch.site.value;
  return (
    <>
      <TopBar name={site?.name ?? "…"} place="sites" />
      <nav class="parts" aria-label={s("siteParts")}>
        {SITE_PARTS.map((one) => (
          <a
            key={one}
            href={siteAddress(id, one)}
            aria-current={one === part ? "page" : undefined}
            data-name={`part-${one}`}
          >
            {s(NAMES[one])}
          </a>
        ))}
      </nav>
      <main class="page">
        {watch.problem.value !== "" && (
          <p class="bar problem" role="alert">
            {watch.problem.value}
          </p>
        )}
        {site === undefined && watch.problem.value === "" && <p>{t("loading")}</p>}
        {site !== undefined && part === "site" && <Overview site={site} watch={watch} />}
        {site !== undefined && part === "models" && <ModelsPart site={site} watch={watch} />}
        {site !== undefined && part === "report" && <ReportPart site={site} watch={watch} />}
      </main>
    </>
  );
}
