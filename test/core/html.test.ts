import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { escaped, figure, htmlDocument, jpegUri } from "../../src/core/html.ts";

const NASTY = `<img src=x onerror="alert('1')">&amp;`;

test("text for XML", () => {
  expect(escaped('<a href="x">&')).toBe("&lt;a href=&quot;x&quot;&gt;&amp;");
});

test("a document shows its texts as they are, whatever is in them", () => {
  const page = htmlDocument({
    title: NASTY,
    language: 'ja"><b>',
    style: "p{color:red}",
    body: [`<p>${escaped(NASTY)}</p>`, "<p>two</p>"],
  });
  const { document } = parseHTML(page);
  expect(document.title).toBe(NASTY);
  expect(document.documentElement.lang).toBe('ja"><b>');
  expect([...document.querySelectorAll("p")].map(({ textContent }) => textContent)).toEqual([NASTY, "two"]);
  expect(document.querySelectorAll("img, b")).toHaveLength(0);
  expect(htmlDocument({ title: "a", style: "", body: [] })).toContain('<html lang="en">');
});

test("a figure is described by its caption", () => {
  const { document } = parseHTML(`<body>${figure('a"b.jpg', NASTY)}</body>`);
  const image = document.querySelector("img");
  expect(image?.getAttribute("src")).toBe('a"b.jpg');
  expect(image?.getAttribute("alt")).toBe(NASTY);
  expect(document.querySelector("figcaption")?.textContent).toBe(NASTY);
});

test("bytes of a picture as an address", () => {
  expect(jpegUri(Uint8Array.of(255, 216, 255))).toBe("data:image/jpeg;base64,/9j/");
});
