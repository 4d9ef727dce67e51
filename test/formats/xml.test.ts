import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childrenOf, escapeXml, parseXml, textAt, type XmlElement } from "../../src/formats/xml.ts";

describe("XML that is refused", () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>`;
  it.each([
    ["entities that grow", bomb, /got a declaration of a document type or an entity/],
    ["entities of other files", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', /declaration/],
    ["a document type alone", "<!doctype html><a/>", /declaration/],
    ["truncated", "<a><b>", /<b> that is not closed/],
    ["truncated after an element that closes itself", "<a><b/>", /<a> that is not closed/],
    ["truncated in a tag", '<a><b x="', /<a> that is not closed/],
    ["crossed", "<a><b></a></b>", /<b> that is not closed/],
    ["empty", "", /no element/],
    ["text", "hello", /no element/],
    ["two roots", "<a/><b/>", /several elements/],
    ["deep", "<a>".repeat(1000), /elements within each other/],
  ])("%s", async (_, text, says) => {
    await expect(parseXml(text, "x.xml")).rejects.toThrow(says);
    await expect(parseXml(text, "x.xml")).rejects.toMatchObject({ code: "xml/invalid" });
  });
});

describe("XML", () => {
  it("is a tree; entities that nobody declared stay as they are", async () => {
    const root = await parseXml(
      '<?xml version="1.0"?>\n<a x="1&amp;&#65;&foo;"><b> t <![CDATA[<]]></b><!-- c --><b/></a>\n',
      "x",
    );
    expect(root.attributes).toEqual({ x: "1&A&foo;" });
    expect(childrenOf(root, "b").map(({ text }) => text)).toEqual(["t <", ""]);
    expect([textAt(root, "b"), textAt(root, "c"), textAt(root, "c", "d")]).toEqual(["t <", undefined, undefined]);
  });

  it("any text comes back from attributes, and trimmed from elements", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const root: XmlElement = await parseXml(`<a x="${escapeXml(given)}">${escapeXml(given)}</a>`, "x");
        expect(root).toEqual({ name: "a", attributes: { x: given }, children: [], text: given.trim() });
      }),
    );
  });

  it("whatever it is, it is read or refused", async () => {
    const part = fc.constantFrom(
      "<a>",
      "</a>",
      "<b x='1'/>",
      "<",
      ">",
      "&",
      "<!--",
      "-->",
      "<![CDATA[",
      "]]>",
      '"',
      "t",
      "<?x?>",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        await parseXml(parts.join(""), "x").catch((error: unknown) => {
          expect(error).toMatchObject({ code: "xml/invalid" });
        });
      }),
    );
  });
});
