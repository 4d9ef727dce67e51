/** @file The footage check as one HTML file that needs nothing else. */
import { basename } from "node:path";
import { escaped, figure, htmlDocument } from "../core/html.ts";
import type { Check, CheckedClip, CheckedReading, UnreadableClip } from "./checkFile.ts";
import { VERDICTS } from "./judge.ts";
import { lossSentence, valueText } from "./sentences.ts";
import { type Language, languages } from "./texts/languages.ts";
import { clockTime, filled } from "./texts/wording.ts";

/** Pictures of a clip as data URIs, by the index of their frame. */
export type CheckPictures = ReadonlyMap<number, string>;

/** The page's CSS; verdicts differ by their words too, not by colour alone. */
const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:1040px;padding:0 1rem;color:#222}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin:0;overflow-wrap:anywhere}h3{font-size:1rem;margin:1rem 0 .3rem}
section{border-top:1px solid #ddd;padding:1.2rem 0}p{margin:.3rem 0}.facts,figcaption{font-size:13px;color:#555}
.verdict{display:inline-block;border-radius:4px;padding:0 .5em;font-size:13px;font-weight:600;white-space:nowrap}
.good{background:#dff3e3;color:#125c24}.usable{background:#fff0c9;color:#6b4700}.poor,.unreadable{background:#fbdcdc;color:#8a1414}
.problem{display:flex;flex-wrap:wrap;gap:.4rem 1rem;margin:.8rem 0}.problem>div{flex:2 1 320px}.problem figure{flex:1 1 220px;max-width:320px}
figure{margin:0}.problem img,.look img{max-height:260px;width:auto;max-width:100%}figure.look{max-width:320px}img{width:100%;display:block;border-radius:3px}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:14px;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #eee;vertical-align:top}
th{font-weight:400}td.number{white-space:nowrap}@media(max-width:640px){td.measure,td.number{display:none}}summary{cursor:pointer;margin:.6rem 0}nav li{margin:.2rem 0;overflow-wrap:anywhere}`;

/** @param pictures one for each clip. @returns the document */
export function checkHtml({ verdict, language, clips }: Check, pictures: readonly CheckPictures[]): string {
  const { page } = languages[language];
  const body = [
    `<h1>${escaped(page.title)} ${badge(verdict, language)}</h1>`,
    `<p>${escaped(page.intro)}</p>`,
    ...(clips.length > 1 ? [contents(clips, language)] : []),
    ...clips.map((clip, i) => section(clip, pictures[i], { language, id: `clip-${i + 1}` })),
  ];
  return htmlDocument({ title: page.title, language, style: STYLE, body });
}

function badge(verdict: CheckedClip["verdict"] | "unreadable", language: Language): string {
  return `<span class="verdict ${verdict}">${escaped(languages[language].verdicts[verdict])}</span>`;
}

function contents(clips: Check["clips"], language: Language): string {
  const items = clips.map(
    ({ path, verdict }, i) =>
      `<li><a href="#clip-${i + 1}">${escaped(basename(path))}</a> ${badge(verdict, language)}</li>`,
  );
  return `<nav><ol>${items.join("")}</ol></nav>`;
}

interface SectionOptions {
  readonly language: Language;
  readonly id: string;
}

function section(
  clip: CheckedClip | UnreadableClip,
  pictures: CheckPictures,
  { language, id }: SectionOptions,
): string {
  const { page } = languages[language];
  const head = `<section id="${id}"><h2>${escaped(basename(clip.path))} ${badge(clip.verdict, language)}</h2>`;
  if (clip.verdict === "unreadable")
    return `${head}<p>${escaped(filled(page.unreadable, { message: clip.error.message }))}</p></section>`;
  const { frames, width, height, seconds } = clip;
  const size = { frames: String(frames), width: String(width), height: String(height), seconds };
  return [
    head,
    `<p class="facts">${escaped(filled(page.frames, size))}<br>${escaped(clip.path)}</p>`,
    problems(clip, pictures, language),
    `<details><summary>${escaped(page.all)}</summary>${table(clip.readings, language)}</details>`,
    "</section>",
  ].join("\n");
}

/** What is not good, the worst first, with pictures; a look at the clip where all is good. */
function problems({ readings, frames }: CheckedClip, pictures: CheckPictures, language: Language): string {
  const { page } = languages[language];
  const bad = VERDICTS.filter((verdict) => verdict !== "good").flatMap((verdict) =>
    readings.filter((reading) => reading.verdict === verdict),
  );
  const look = pictures.get(frames >> 1);
  const figureOf = look === undefined ? "" : figure(look, "");
  if (bad.length === 0) return `<p>${escaped(page.none)}</p>${figureOf.replace("<figure>", '<figure class="look">')}`;
  return `<h3>${escaped(page.problems)}</h3>${bad.map((reading) => problem(reading, pictures, language)).join("\n")}`;
}

function problem(reading: CheckedReading, pictures: CheckPictures, language: Language): string {
  const { page } = languages[language];
  const { name, verdict, said, todo, at } = reading;
  const loss = lossSentence(reading, language);
  const picture = at === null ? undefined : pictures.get(at.frame);
  const caption = at === null ? "" : `${name}, ${filled(page.at, { at: clockTime(at.timeSec) })}`;
  return [
    `<div class="problem"><div><p>${badge(verdict, language)} <b>${escaped(name)}</b></p>`,
    `<p>${escaped(said)}</p>`,
    ...(loss === undefined ? [] : [`<p>${escaped(loss)}</p>`]),
    ...(todo === null ? [] : [`<p><b>${escaped(page.todo)}</b> ${escaped(todo)}</p>`]),
    `</div>${picture === undefined ? "" : figure(picture, caption)}</div>`,
  ].join("");
}

function table(readings: readonly CheckedReading[], language: Language): string {
  const rows = readings.map((reading) => {
    const { measure, name, verdict, said, origin } = reading;
    const judged = origin === "none" ? "" : badge(verdict, language);
    const group = escaped(languages[language].measures[measure]);
    return `<tr><td class="measure">${group}</td><th scope="row">${escaped(name)}</th><td class="number">${escaped(valueText(reading, language))}</td><td>${judged}</td><td>${escaped(said)}</td></tr>`;
  });
  return `<div class="table"><table>${rows.join("")}</table></div>`;
}
