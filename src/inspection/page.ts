/** @file The page that shows all pictures of an inspection, each with an explanation. */
import { escaped } from "../video/drawing/panels.ts";
import { type ViewName, VIEWS } from "./frameViews.ts";

/** A frame's picture files, relative to the page. */
export interface PageFrame {
  readonly index: number;
  readonly views: readonly { readonly view: ViewName; readonly file: string }[];
  /** Candidates and affinity of chosen pixels. */
  readonly pixels: readonly { readonly title: string; readonly file: string }[];
}

/** The contents of the page. */
export interface Page {
  readonly title: string;
  /** Sentences about the clip as a whole, for example that nothing moves. */
  readonly notes: readonly string[];
  /** The video's file, relative to the page. */
  readonly video?: string | undefined;
  readonly frames: readonly PageFrame[];
}

const STYLE = `body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem;background:#fff;color:#222}
h2{margin-top:2rem}.row{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0;width:360px}
figure.wide{width:100%}img,video{max-width:100%;display:block}figure.row-item img{width:100%}
figcaption{font-size:13px;color:#555}ul{padding-left:1.2rem}`;

const CANDIDATES =
  "Candidates: green = the pixel's own region, orange = the other sampled clusters, dark = not sampled; the box is the search window.";
const AFFINITY =
  "Affinity: how close the memory's cells are to the pixel's cell; framed cells are those that its label would be copied from.";

/** @returns an HTML document that needs nothing but the files beside it. */
export function pageHtml({ title, notes, video, frames }: Page): string {
  const body = [
    `<h1>${escaped(title)}</h1>`,
    ...notes.map((note) => `<p><strong>${escaped(note)}</strong></p>`),
    ...(video === undefined ? [] : [`<video src="${escaped(video)}" controls loop muted></video>`]),
    ...frames.map(frameHtml),
    `<h2>How to read this</h2><ul>${legend(frames)
      .map((text) => `<li>${text}</li>`)
      .join("")}</ul>`,
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
${body.join("\n")}
</body></html>
`;
}

function legend(frames: readonly PageFrame[]): string[] {
  const shown = new Set(frames.flatMap(({ views }) => views.map(({ view }) => view)));
  const views = (Object.keys(VIEWS) as ViewName[]).filter((view) => shown.has(view));
  return [...views.map((view) => `<b>${view}</b>: ${escaped(VIEWS[view])}`), escaped(CANDIDATES), escaped(AFFINITY)];
}

function frameHtml({ index, views, pixels }: PageFrame): string {
  return [
    `<h2>Frame ${index}</h2>`,
    `<div class="row">${views.map(({ view, file }) => figure(file, view, "row-item")).join("")}</div>`,
    ...pixels.map(({ title, file }) => figure(file, title, "wide")),
  ].join("\n");
}

function figure(file: string, caption: string, kind: string): string {
  return (
    `<figure class="${kind}"><a href="${escaped(file)}"><img src="${escaped(file)}" alt="${escaped(caption)}"></a>` +
    `<figcaption>${escaped(caption)}</figcaption></figure>`
  );
}
