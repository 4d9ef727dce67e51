/** @file HTML pages that are one file: text is escaped, and nothing is fetched. */

/** A page. */
export interface HtmlPage {
  /** Plain text. */
  readonly title: string;
  /** Language of the texts, as a BCP 47 tag; default `en`. */
  readonly language?: string;
  /** CSS. */
  readonly style: string;
  /** HTML, its parts one below the other. */
  readonly body: readonly string[];
}

/** @returns the document; it opens from a disk and adapts to the width of a telephone. */
export function htmlDocument({ title, language = "en", style, body }: HtmlPage): string {
  return `<!doctype html>
<html lang="${escaped(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${style}</style></head>
<body>
${body.join("\n")}
</body></html>
`;
}

/** Text escaped for XML and HTML. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A picture with its caption, which is also its description. @param src a path or a data URI */
export function figure(src: string, caption: string): string {
  const text = escaped(caption);
  return `<figure><img src="${escaped(src)}" alt="${text}"><figcaption>${text}</figcaption></figure>`;
}

/** Bytes of a JPEG as the address of a picture. */
export function jpegUri(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
}
