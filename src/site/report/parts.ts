/** @file Pieces of the report's page. Texts are escaped here; parameters named `html` are HTML already. */
import { escaped } from "../../core/html.ts";

export function paragraph(text: string, className?: string): string {
  return `<p${className === undefined ? "" : ` class="${className}"`}>${escaped(text)}</p>`;
}

export function heading(text: string): string {
  return `<h2>${escaped(text)}</h2>`;
}

/** A heading and what is below it. */
export function section(title: string, ...html: readonly string[]): string {
  return [heading(title), ...html].join("\n");
}

/** @param html the items; nothing without any */
export function list(html: readonly string[]): string {
  return html.length === 0 ? "" : `<ul>${html.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

/** A table; columns from the second on are numbers, except those named as text. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: readonly number[] = [0],
): string {
  const kind = (column: number): string => (textColumns.includes(column) ? "" : ' class="n"');
  const heads = head.map((text, i) => `<th scope="col"${kind(i)}>${escaped(text)}</th>`).join("");
  const lines = rows.map(
    (cells) => `<tr>${cells.map((text, i) => `<td${kind(i)}>${escaped(text)}</td>`).join("")}</tr>`,
  );
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
}
