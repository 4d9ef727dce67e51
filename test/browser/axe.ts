/** @file What axe finds on pages that can be switched between languages and colours. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

/** As far as it is looked at. */
interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
}

/** Rules that apply to any of our pages; fewer: axe saw no page. */
const LEAST_PASSES = 12;

/** @param screen for the findings. */
export async function axeFindings(page: Page, screen: string): Promise<string[]> {
  await page.evaluate(await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8"));
  const { violations, passes } = await page.evaluate<AxeResults>("axe.run()");
  if (passes.length <= LEAST_PASSES) return [`${screen}: axe looked at ${passes.length} rules only`];
  return violations.map(({ id, nodes }) => `${screen}: ${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** In English and light, then in Japanese and dark; afterwards the page is as before. */
export async function axeFindingsInBoth(page: Page, screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const settings of ["English, light", "Japanese, dark"]) {
    found.push(...(await axeFindings(page, `${screen}, ${settings}`)));
    for (const name of ["language", "theme"]) await page.locator(`[data-name=${name}]`).click();
  }
  return found;
}
