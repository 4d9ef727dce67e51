/** @file Writes a site's report: `report/report.html`, `report/report.json` and the pictures. */
import { readFile } from "node:fs/promises";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import type { Logger } from "../../core/log.ts";
import type { Language } from "../../footage/texts/languages.ts";
import { versionsInUse } from "../../core/versions.ts";
import { parseJson } from "../../formats/json.ts";
import { plannedSplit } from "../plan/planSite.ts";
import { SiteFolder } from "../siteFolder.ts";
import { readEvidence } from "./evidence.ts";
import { reportPictures, writtenPictures } from "./pictures.ts";
import { reportOf, type SiteReport } from "./reportData.ts";
import { reportHtml } from "./reportPage.ts";
import { Words } from "./words.ts";

/** Which site, in which language. */
export interface ReportSiteOptions {
  readonly folder: string;
  readonly language: Language;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Where it is, and what it says. */
export interface ReportSiteResult {
  readonly page: string;
  readonly data: string;
  readonly report: SiteReport;
}

/** @throws UserError `site/missing`, `site/no-plan`, `site/label`, `lock/busy`, `file/write` */
export async function reportSite({
  folder: root,
  language,
  logger,
  signal,
}: ReportSiteOptions): Promise<ReportSiteResult> {
  const folder = new SiteFolder(root);
  const site = await folder.read();
  await using _ = await folder.lock();
  await plannedSplit(folder);
  logger.progress("reading labels and masks");
  const evidence = await readEvidence(folder, site, logger);
  signal.throwIfAborted();
  const report = reportOf(evidence, { made: new Date().toISOString(), versions: await versionsInUse() });
  const pictures = await reportPictures(folder, evidence, report.frames);
  signal.throwIfAborted();
  await folder.writeJson(["report", "report.json"], report);
  const page = folder.at("report", "report.html");
  await writeFileAtomic(page, reportHtml(report, pictures, new Words(language)));
  const frames = Math.max(0, ...report.metrics.flatMap(({ methods }) => methods.map(({ score }) => score.values)));
  const { decision, provenance, verdicts } = report;
  const scores = verdicts.map(({ metric, target, score }) => ({ metric, target, ...score }));
  await folder.note("report", { decision, frames, scores, labels: provenance.labelsSha256 });
  return { page, data: folder.at("report", "report.json"), report };
}

/** What was written; undefined where nothing was reported. */
export async function readReport(folder: SiteFolder): Promise<SiteReport | undefined> {
  const path = folder.at("report", "report.json");
  if (!(await isThere(path))) return undefined;
  const report = parseJson(await readFile(path, "utf8"), path) as SiteReport;
  // That of an earlier version has no frames.
  return { ...report, frames: (report as Partial<SiteReport>).frames ?? [] };
}

/** The page of a report that was written, in any language. */
export async function writtenPage(folder: SiteFolder, report: SiteReport, language: Language): Promise<string> {
  return reportHtml(report, await writtenPictures(folder, report.frames), new Words(language));
}
