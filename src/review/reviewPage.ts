/** @file The review as one HTML file that needs nothing else. */
import { counted } from "../core/counted.ts";
import { escaped, figure, htmlDocument } from "../core/html.ts";
import type { ReviewEntry } from "./entries.ts";

/** An entry with all that the page shows of it. */
export interface ShownEntry extends ReviewEntry {
  /** Data URIs and their captions. */
  readonly pictures: readonly { readonly src: string; readonly caption: string }[];
  /** See `correctionLines`. */
  readonly commands: readonly string[];
}

/** What the page is about. */
export interface ReviewPage {
  /** Name of the clip. */
  readonly title: string;
  readonly frames: { readonly first: number; readonly last: number };
  /** Sentences about all of it. */
  readonly notes: readonly string[];
  /** The worst first. */
  readonly entries: readonly ShownEntry[];
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:1040px;padding:0 1rem;color:#222}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:0}p.note{color:#7a4a00;margin:.3rem 0}
section{border-top:1px solid #ddd;padding:1rem 0}ul{margin:.4rem 0;padding-left:1.2rem}
.pictures{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;flex:1 1 320px;max-width:514px}
img{width:100%;display:block}figcaption{font-size:13px;color:#555}
pre{background:#f4f4f4;padding:.6rem;margin:.6rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:13px}
svg{width:100%;height:34px;display:block;margin:1rem 0}svg a:hover rect{fill:#000}`;

/** @returns the document. */
export function reviewHtml({ title, frames, notes, entries }: ReviewPage): string {
  const found =
    entries.length === 0
      ? "Nothing stands out."
      : `${counted(entries.length, "place")} to look at, the most doubtful first.`;
  const body = [
    `<h1>Review of ${escaped(title)}</h1>`,
    `<p>Frames ${frames.first} to ${frames.last}. ${found}</p>`,
    ...notes.map((note) => `<p class="note">${escaped(note)}</p>`),
    ...(entries.length === 0 ? [] : [timeline(frames, entries)]),
    ...entries.map(section),
  ];
  return htmlDocument({ title: `Review of ${title}`, style: STYLE, body });
}

/** The clip from left to right, a mark for each entry: the more doubtful, the redder. */
function timeline({ first, last }: ReviewPage["frames"], entries: readonly ShownEntry[]): string {
  const length = Math.max(1, last - first);
  const marks = entries.map(({ frame, weight }, i) => {
    const x = ((990 * (frame - first)) / length).toFixed(1);
    const colour = `hsl(${Math.round(45 * (1 - weight))} 90% 45%)`;
    return `<a href="#entry-${i + 1}"><title>frame ${frame}</title><rect x="${x}" y="4" width="10" height="26" fill="${colour}"/></a>`;
  });
  const line = '<rect y="15" width="1000" height="4" fill="#ccc"/>';
  return `<svg viewBox="0 0 1000 34" preserveAspectRatio="none" role="img" aria-label="Places in the clip">${line}${marks.join("")}</svg>`;
}

function section({ frame, timeSec, findings, pictures, commands }: ShownEntry, i: number): string {
  const figures = pictures.map(({ src, caption }) => figure(src, caption));
  return [
    `<section id="entry-${i + 1}"><h2>${i + 1}. Frame ${frame}, ${timeSec.toFixed(2)} s</h2>`,
    `<ul>${told(findings, frame)
      .map((text) => `<li>${escaped(text)}</li>`)
      .join("")}</ul>`,
    `<div class="pictures">${figures.join("")}</div>`,
    ...(commands.length === 0 ? [] : [`<pre>${escaped(explained(commands))}</pre>`]),
    "</section>",
  ].join("\n");
}

/** Findings of an entry that are told. */
const MOST_TOLD = 8;

function told(findings: ReviewEntry["findings"], frame: number): string[] {
  const shown = findings.slice(0, MOST_TOLD);
  const more = findings.length - shown.length;
  const texts = shown.map(({ frame: at, text }) => (at === frame ? text : `frame ${at}: ${text}`));
  return [...texts, ...(more > 0 ? [`and ${more} more`] : [])];
}

/** Says between the lines what a person does. */
function explained(commands: readonly string[]): string {
  const last = commands.length - 1;
  const files = commands.slice(0, last);
  return [...files, "# change the file so that it is right, then track again from this frame:", commands[last]].join(
    "\n",
  );
}
