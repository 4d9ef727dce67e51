/** @file One picture of a clip's sound: its spectrogram, level and onsets, with what was heard. */
import * as Plot from "@observablehq/plot";
import sharp from "sharp";
import { plotSvg } from "../charts/plot.ts";
import type { Heard, Hearing, SoundKind } from "../sound/listen.ts";
import { HIGHEST_HZ, LOWEST_HZ, type SpectrumPicture } from "../sound/spectrumGrid.ts";
import { heatColour } from "../video/drawing/heatMap.ts";
import { card, text } from "./dashboard.ts";

/** What is shown. */
export interface SpectrogramData extends Hearing {
  readonly title: string;
  readonly timesSec: ArrayLike<number>;
}

const WIDTH = 1200;
const EDGE = 32;
const INNER = WIDTH - 2 * EDGE - 32;
const LEFT = 52;
const RIGHT = 12;
const COLOURS: Readonly<Record<SoundKind, string>> = { impact: "#c62818", alarm: "#d98200", silence: "#2f6fb7" };

/** What the kinds are called where people read them. */
const WORDS: Readonly<Record<SoundKind, readonly [one: string, several: string]>> = {
  impact: ["impact", "impacts"],
  alarm: ["alarm", "alarms"],
  silence: ["silence", "silences"],
};

/** An SVG document. */
export async function spectrogram(data: SpectrogramData): Promise<string> {
  const image = await heatPng(data.picture);
  const panels = [
    { title: "Spectrogram", height: 300, svg: spectrumPanel(data, image, 300) },
    { title: "Onset strength", height: 130, svg: curvePanel(data, "onset", 130) },
    { title: "Level", height: 130, svg: curvePanel(data, "level", 130) },
  ];
  let top = EDGE + 76;
  const drawn = panels.map(({ title, height, svg }) => {
    const frame = card(EDGE, top, WIDTH - 2 * EDGE, height + 48);
    const words = text(EDGE + 20, top + 28, title, { size: 16, weight: 700 });
    const placed = svg.replace("<svg ", `<svg x="${EDGE + 16}" y="${top + 40}" `);
    top += height + 68;
    return frame + words + placed;
  });
  const height = top - 20 + EDGE;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif"><rect width="100%" height="100%" fill="#f4f5f7"/>${heading(data)}${drawn.join("")}</svg>`;
}

/** The title, and how often each kind was heard in its colour. */
function heading({ title, heard }: SpectrogramData): string {
  let x = EDGE;
  const counts = (Object.keys(COLOURS) as SoundKind[]).map((kind) => {
    const count = heard.filter((one) => one.kind === kind).length;
    const words = `${count} ${WORDS[kind][count === 1 ? 0 : 1]}`;
    const svg = text(x, EDGE + 56, words, { size: 18, weight: 700, fill: COLOURS[kind] });
    x += 40 + 11 * words.length;
    return svg;
  });
  return text(EDGE, EDGE + 26, title, { size: 26, weight: 700 }) + counts.join("");
}

/** Quiet cells dark, loud ones glowing; row 0 is the highest frequency. */
async function heatPng({ width, height, levels }: SpectrumPicture): Promise<string> {
  const sorted = Float32Array.from(levels).sort();
  const [quiet, loud] = [0.1, 0.998].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  const data = new Uint8Array(width * height * 3);
  for (const [i, level] of levels.entries()) {
    const value = Math.max(0, Math.min(1, (level - quiet) / Math.max(1, loud - quiet)));
    const dark = Math.min(1, 0.1 + 1.8 * value);
    data.set(
      heatColour(value).map((part) => Math.round(dark * part)),
      3 * i,
    );
  }
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

const axis = ({ picture }: SpectrogramData) => ({ label: "time, s", domain: [picture.startSec, picture.endSec] });

const isOf = (kind: SoundKind) => (one: Heard) => one.kind === kind;

function spectrumPanel(data: SpectrogramData, image: string, height: number): string {
  const { heard } = data;
  const plot = plotSvg({
    width: INNER,
    height,
    marginLeft: LEFT,
    marginRight: RIGHT,
    style: { background: "transparent", color: "black", fontFamily: "sans-serif", fontSize: "12px" },
    x: axis(data),
    y: { type: "log", label: "Hz", domain: [LOWEST_HZ, HIGHEST_HZ], tickFormat: "~s", ticks: 6 },
    marks: [
      Plot.rect(heard.filter(isOf("alarm")), {
        x1: "startSec",
        x2: "endSec",
        y1: (one: Heard) => (one.hz ?? 0) / 1.25,
        y2: (one: Heard) => (one.hz ?? 0) * 1.25,
        stroke: "#7ef9ff",
        strokeWidth: 2,
        fill: "none",
      }),
      Plot.text(heard.filter(isOf("alarm")), {
        x: "startSec",
        y: (one: Heard) => (one.hz ?? 0) * 1.25,
        text: (one: Heard) => `alarm ${Math.round(one.hz ?? 0)} Hz`,
        fill: "#7ef9ff",
        textAnchor: "start",
        dy: -8,
        fontSize: 13,
        fontWeight: 700,
      }),
      Plot.ruleX(heard.filter(isOf("impact")), {
        x: "startSec",
        y1: 5500,
        y2: HIGHEST_HZ,
        stroke: "white",
        strokeWidth: 2,
      }),
    ],
  });
  const axes = { top: 20, bottom: 30 };
  const [width, inside] = [INNER - LEFT - RIGHT, height - axes.top - axes.bottom];
  const picture = `<image x="${LEFT}" y="${axes.top}" width="${width}" height="${inside}" preserveAspectRatio="none" href="${image}"/>`;
  return plot.replace(/(<svg [^>]*>)/, `$1${picture}`);
}

function curvePanel(data: SpectrogramData, key: "onset" | "level", height: number): string {
  const { heard, frames, timesSec } = data;
  const points = frames.map((frame, i) => ({ x: timesSec[i], y: frame[key] }));
  const most = points.reduce((max, { y }) => Math.max(max, y), -Infinity);
  const marks =
    key === "onset"
      ? [Plot.ruleX(heard.filter(isOf("impact")), { x: "startSec", stroke: COLOURS.impact, strokeOpacity: 0.5 })]
      : [
          Plot.rectX(heard.filter(isOf("silence")), {
            x1: "startSec",
            x2: "endSec",
            fill: COLOURS.silence,
            fillOpacity: 0.2,
          }),
          Plot.rectX(heard.filter(isOf("alarm")), {
            x1: "startSec",
            x2: "endSec",
            fill: COLOURS.alarm,
            fillOpacity: 0.25,
          }),
        ];
  return plotSvg({
    width: INNER,
    height,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: axis(data),
    y: {
      label: "dB",
      grid: true,
      ticks: 4,
      nice: true,
      ...(key === "onset" ? { domain: [0, Math.max(1, most)] } : {}),
    },
    marks: [...marks, Plot.lineY(points, { x: "x", y: "y", stroke: "#1b1f24", strokeWidth: 1.2 })],
  });
}
