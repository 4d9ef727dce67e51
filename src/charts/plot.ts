/** @file Observable Plot without a browser: a plot as an SVG document on white. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Draws a plot; the options are Observable Plot's. */
export function plotSvg(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const style = { background: "white", color: "black", fontFamily: "sans-serif", fontSize: "12px" };
  const svg = Plot.plot({ document, style, ...options });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return svg.outerHTML;
}
