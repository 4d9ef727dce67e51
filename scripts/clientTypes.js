// Writes src/client/api.ts, the types of the service's API, from its OpenAPI document; with --check it only checks whether
// the file is up to date. The types have the form that openapi-fetch reads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openApiDocument } from "../dist/server/serve.js";

const PATH = fileURLToPath(new URL("../src/client/api.ts", import.meta.url));

const HEAD = `// Made from the OpenAPI document by scripts/clientTypes.js (npm run client:types). Do not edit.
/** @file The types of the service's API. */

`;

/** A JSON Schema (2020-12) as a type. */
function typeOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined) return [...new Set(parts.map(typeOf))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  if (schema.type === "array") return arrayType(schema);
  if (schema.type === "object") return objectType(schema);
  return (
    { string: "string", number: "number", integer: "number", boolean: "boolean", null: "null" }[schema.type] ??
    "unknown"
  );
}

function arrayType({ prefixItems, items }) {
  if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(", ")}]`;
  return `(${typeOf(items ?? {})})[]`;
}

function objectType({ properties = {}, required = [], additionalProperties }) {
  const keys = Object.entries(properties).map(([name, schema]) => {
    return `${comment(schema.description)}${JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};`;
  });
  const isOpen = typeof additionalProperties === "object";
  if (isOpen) keys.push(`[key: string]: ${keys.length > 0 ? "unknown" : typeOf(additionalProperties)};`);
  return keys.length === 0 ? "Record<string, never>" : `{\n${keys.join("\n")}\n}`;
}

const comment = (text) => (text === undefined ? "" : `/** ${text.replaceAll("*/", "* /")} */\n`);

/** Parameters of a route by where they are. */
function parametersType(parameters = []) {
  const places = ["query", "header", "path", "cookie"].map((place) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return `${place}?: never;`;
    const keys = own.map(({ name, schema, required, description }) => {
      return `${comment(description ?? schema.description)}${JSON.stringify(name)}${required ? "" : "?"}: ${typeOf(schema)};`;
    });
    return `${place}${own.some(({ required }) => required) ? "" : "?"}: {\n${keys.join("\n")}\n};`;
  });
  return `{\n${places.join("\n")}\n}`;
}

const contentType = (content) =>
  `{\n${Object.entries(content)
    .map(([type, { schema }]) => `${JSON.stringify(type)}: ${typeOf(schema)};`)
    .join("\n")}\n}`;

function routeType({ summary, parameters, requestBody, responses }) {
  const answers = Object.entries(responses).map(([status, { content = {} }]) => {
    const isEmpty = Object.values(content).every(({ schema }) => Object.keys(schema).length === 0);
    return `${/^\d+$/.test(status) ? status : JSON.stringify(status)}: {\nheaders: { [name: string]: unknown };\ncontent${isEmpty ? "?: never" : `: ${contentType(content)}`};\n};`;
  });
  const body =
    requestBody === undefined
      ? "requestBody?: never;"
      : `requestBody: { content: ${contentType(requestBody.content)} };`;
  return `${comment(summary)}{\nparameters: ${parametersType(parameters)};\n${body}\nresponses: {\n${answers.join("\n")}\n};\n}`;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

function pathType(routes) {
  const methods = METHODS.map((method) => {
    if (routes[method] === undefined) return `${method}?: never;`;
    const { summary } = routes[method];
    return `${comment(summary)}${method}: ${routeType({ ...routes[method], summary: undefined })};`;
  });
  return `{\nparameters: { query?: never; header?: never; path?: never; cookie?: never };\n${methods.join("\n")}\n}`;
}

/** Names of schemas that something refers to. */
function namesIn(document) {
  const text = JSON.stringify(document.paths);
  const names = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
  for (const name of names)
    for (const [, inner] of JSON.stringify(document.components.schemas[name]).matchAll(
      /#\/components\/schemas\/(\w+)/g,
    ))
      names.add(inner);
  // What events hold is in no answer that is JSON.
  return [...names.add("JobEvent")].sort();
}

function types(document) {
  const schemas = namesIn(document).map(
    (name) => `export type ${name} = ${typeOf(document.components.schemas[name])};\n`,
  );
  const paths = Object.entries(document.paths).map(([path, routes]) => `${JSON.stringify(path)}: ${pathType(routes)};`);
  return `${HEAD}${schemas.join("\n")}\nexport interface paths {\n${paths.join("\n")}\n}\n`;
}

const data = mkdtempSync(join(tmpdir(), "tsumugi-api-"));
const wanted = types(await openApiDocument(data));
rmSync(data, { recursive: true });
// Compared without what the formatter may change: white space, quotes, commas, brackets of types.
const plain = (text) => text.replaceAll(/[\s|;,()"']/g, "");
if (!process.argv.includes("--check")) writeFileSync(PATH, wanted);
else if (plain(readFileSync(PATH, "utf8")) !== plain(wanted)) {
  process.stderr.write("src/client/api.ts is not up to date: run npm run client:types && npm run format\n");
  process.exitCode = 1;
}
