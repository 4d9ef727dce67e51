/**
 * @file Small XML files as trees. Declarations of document types are refused, so there are no entities but the five of XML
 * itself and numbers of characters; nothing outside the file is ever read.
 */
import type { Parser } from "htmlparser2";
import { UserError } from "../core/errors.ts";
import { type ReadOptions, readText } from "./json.ts";

/** An element; the text between its children is joined and trimmed. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Elements within each other; more are an attack on the reader. */
const DEEPEST = 50;

/**
 * The root element of a file.
 * @param what it is, for messages.
 * @throws UserError `xml/invalid`, and as `readText`
 */
export async function readXml(path: string, what: string, options: ReadOptions = {}): Promise<XmlElement> {
  return parseXml(await readText(path, what, options), path);
}

/** @param name of the file in messages. @throws UserError `xml/invalid` */
export async function parseXml(text: string, name: string): Promise<XmlElement> {
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/iu.test(text))
    throw invalid(name, "a declaration of a document type or an entity", "XML without any");
  const { Parser } = await import("htmlparser2");
  const tree = new Tree(name);
  const parser: Parser = new Parser(tree.handler, { xmlMode: true, decodeEntities: true });
  // What the parser closes by itself was not closed in the file, but for elements that close themselves.
  tree.isSelfClosed = () => text.slice(parser.endIndex - 1, parser.endIndex + 1) === "/>";
  parser.write(text);
  const root = tree.root();
  parser.end();
  return root;
}

/** Builds the tree as the parser goes. */
class Tree {
  private readonly name: string;
  /** Whether the element that has just been closed was written as `<a/>`. */
  isSelfClosed: () => boolean = () => false;
  private readonly open: Open[] = [{ name: "", attributes: {}, children: [], text: "" }];

  constructor(name: string) {
    this.name = name;
  }

  readonly handler = {
    onopentag: (name: string, attributes: Record<string, string>): void => {
      if (this.open.length > DEEPEST) throw invalid(this.name, `elements within each other, ${DEEPEST} deep`, "less");
      this.open.push({ name, attributes: { ...attributes }, children: [], text: "" });
    },
    ontext: (text: string): void => {
      this.last.text += text;
    },
    onclosetag: (name: string, isImplied: boolean): void => {
      const { text, ...closed } = this.last;
      if (isImplied && !this.isSelfClosed()) throw invalid(this.name, `<${name}> that is not closed`, `</${name}>`);
      this.open.pop();
      this.last.children.push({ ...closed, text: text.trim() });
    },
  };

  root(): XmlElement {
    const [{ children, text }] = this.open;
    if (this.open.length > 1)
      throw invalid(this.name, `<${this.last.name}> that is not closed`, `</${this.last.name}>`);
    if (children.length === 1 && text.trim() === "") return children[0];
    throw invalid(
      this.name,
      children.length === 0 ? "no element" : "several elements, or text beside them",
      "one root element",
    );
  }

  private get last(): Open {
    return this.open[this.open.length - 1];
  }
}

function invalid(name: string, got: string, expected: string): UserError {
  return new UserError("xml/invalid", { what: `${name} is not XML as expected`, got, expected });
}

/** The children of this name. */
export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** The text under a path of names, undefined where there is no such element. */
export function textAt(element: XmlElement, ...path: readonly string[]): string | undefined {
  let at: XmlElement | undefined = element;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at?.text;
}

/** A text within an attribute's quotes or between tags. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[<>&"'\r\n\t]/gu, (mark) => `&#${mark.codePointAt(0)};`);
}
