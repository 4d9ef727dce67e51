/** @file `plan/plan.html`: what to label, in order, with the pictures beside it. */
import { counted } from "../../core/counted.ts";
import { duration } from "../../core/duration.ts";
import { escaped, htmlDocument } from "../../core/html.ts";
import type { Site } from "../siteFile.ts";
import type { Role } from "./planFile.ts";
import type { ListedFrame } from "./planPictures.ts";
import type { Plan } from "./plan.ts";

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:1040px;padding:0 1rem;color:#222}
h1{font-size:1.5rem}ol{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:14px}
li{border:1px solid #ccc;border-radius:6px;padding:8px}li.done{opacity:.55}img{width:100%;display:block}
code{font-size:12px;overflow-wrap:anywhere}.role{font-weight:600}p{max-width:60rem}`;

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  start: "start: given to the tracker",
  verdict: "verdict: only measures",
  tuning: "tuning: may be given as a correction",
};

/** @returns the document; pictures are files beside it. */
export function planHtml({ name, prices }: Site, plan: Plan): string {
  const { frames, passages, perPassage, labelSec } = plan;
  const left = frames.filter(({ labelled }) => !labelled).length;
  const time = `about ${duration(labelSec)} at ${prices.maskSec} s a mask and ${Number(plan.objectsPerFrame.toFixed(1))} to a frame`;
  const texts = [
    `${counted(frames.length, "frame")} of ${counted(passages, "passage")}, ${counted(perPassage, "verdict frame")} in each; ${left} without a label (${time}).`,
    reachText(plan),
    "Label from the top. For each picture save a mask of the same size under the path below it: 0 (black) is background, each object has a value of its own, the same in all frames of a clip (palette or grey PNG, or one flat colour each). Nothing of an object to be seen: leave it out; nothing at all: save an empty (black) mask. A passage in which nothing can be seen at its start is started from any other frame that you label in it.",
    "Stop whenever you want: the order gives the best verdict that so many labels can give. Frames for the verdict are drawn by lot, and no one may choose others.",
  ];
  const body = [
    `<h1>What to label: ${escaped(name)}</h1>`,
    ...texts.map((text) => `<p>${escaped(text)}</p>`),
    `<ol>${frames.map(item).join("\n")}</ol>`,
  ];
  return htmlDocument({ title: `What to label: ${name}`, style: STYLE, body });
}

/** How sure the verdict will be. */
export function reachText({ reach, asked, spread, passages, available }: Plan): string {
  const source = spread.assumed ? "as far as is assumed before any label" : "by the labels so far";
  const expected = `The 95 % interval of the mean IoU will reach ± ${reach.toFixed(3)} (${source}: clips differ by ${spread.between.toFixed(2)}, frames of a clip by ${spread.within.toFixed(2)}).`;
  if (reach <= asked.reach) return expected;
  const why =
    passages >= available
      ? `the footage has only ${counted(available, "passage")}`
      : `that takes more of the ${available} passages that the footage has (--passages)`;
  return `${expected} Wanted was ± ${asked.reach}: ${why}.`;
}

function item({ order, clip, frame, timeSec, role, picture, label, labelled }: ListedFrame): string {
  const src = picture.split("/").slice(1).map(encodeURIComponent).join("/");
  const title = `${clip}, frame ${frame} (${timeSec.toFixed(2)} s)`;
  return `<li${labelled ? ' class="done"' : ""}><a href="${escaped(src)}"><img loading="lazy" src="${escaped(src)}" alt="${escaped(title)}"></a>
<div>${order}. ${escaped(title)}</div><div class="role">${ROLE_WORDS[role]}${labelled ? " · labelled" : ""}</div><code>${escaped(label)}</code></li>`;
}
