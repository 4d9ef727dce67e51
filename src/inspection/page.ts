/**
 * @file The page that shows all pictures of an inspection, each with an explanation: first what anyone can judge, the
 * frame and where its pixels were found before, then the maps that the method works with.
 */
import { escaped, htmlDocument } from "../core/html.ts";
import { type ViewName, VIEWS } from "./frameViews.ts";

/** Panels on one pixel. */
export interface PagePicture {
  readonly kind: PixelView;
  readonly title: string;
  readonly file: string;
}

/** What is shown of a pixel: where its label would be copied from, and what training samples for it. */
export type PixelView = "affinity" | "candidates";

/** A frame's picture files, relative to the page. */
export interface PageFrame {
  readonly index: number;
  readonly views: readonly { readonly view: ViewName; readonly file: string }[];
  /** Candidates and affinity of chosen pixels. */
  readonly pixels: readonly PagePicture[];
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
h2{margin-top:2.5rem;border-top:1px solid #ddd;padding-top:1rem}.row{display:flex;flex-wrap:wrap;gap:12px}
figure{margin:0 0 12px;width:360px}figure.wide{width:100%}img,video{max-width:100%;display:block}
figure.row-item img{width:100%}figcaption{font-size:13px;color:#555}ul{padding-left:1.2rem}`;

const JUDGE =
  "Rings mark pixels. Beside each frame: the earlier frames that a label at that pixel would be copied from, the brighter the likelier; the framed cells are those that it is copied from. They should lie on the same thing.";

const CANDIDATES =
  "Candidates: green = the pixel's own region, orange = the other sampled clusters, dark = not sampled; the box is the search window.";

/** @returns an HTML document that needs nothing but the files beside it. */
export function pageHtml({ title, notes, video, frames }: Page): string {
  const body = [
    `<h1>${escaped(title)}</h1>`,
    "<h2>Is the right thing found?</h2>",
    `<p>${escaped(JUDGE)}</p>`,
    ...frames.map(matchesHtml),
    "<h2>What the method computes</h2>",
    ...notes.map((note) => `<p><strong>${escaped(note)}</strong></p>`),
    `<ul>${legend(frames)
      .map((text) => `<li>${text}</li>`)
      .join("")}</ul>`,
    ...(video === undefined ? [] : [`<video src="${escaped(video)}" controls loop muted></video>`]),
    ...frames.map(mapsHtml),
  ];
  return htmlDocument({ title, style: STYLE, body });
}

function legend(frames: readonly PageFrame[]): string[] {
  const shown = new Set(frames.flatMap(({ views }) => views.map(({ view }) => view)));
  const views = (Object.keys(VIEWS) as ViewName[]).filter((view) => shown.has(view));
  return [...views.map((view) => `<b>${view}</b>: ${escaped(VIEWS[view])}`), escaped(CANDIDATES)];
}

/** The frame, with rings, where none of its pixels has a match: in the first frames of a clip. */
function matchesHtml({ index, views, pixels }: PageFrame): string {
  const matches = pixels.filter(({ kind }) => kind === "affinity");
  const frame = views.find(({ view }) => view === "frame");
  return [
    `<h3>Frame ${index}</h3>`,
    ...(matches.length > 0 || frame === undefined
      ? []
      : [figure(frame.file, "nothing earlier to look in", "row-item")]),
    ...matches.map(({ title, file }) => figure(file, title, "wide")),
  ].join("\n");
}

function mapsHtml({ index, views, pixels }: PageFrame): string {
  const candidates = pixels.filter(({ kind }) => kind === "candidates");
  return [
    `<h3>Frame ${index}</h3>`,
    `<div class="row">${views.map(({ view, file }) => figure(file, view, "row-item")).join("")}</div>`,
    ...candidates.map(({ title, file }) => figure(file, title, "wide")),
  ].join("\n");
}

function figure(file: string, caption: string, kind: string): string {
  return (
    `<figure class="${kind}"><a href="${escaped(file)}"><img src="${escaped(file)}" alt="${escaped(caption)}"></a>` +
    `<figcaption>${escaped(caption)}</figcaption></figure>`
  );
}
