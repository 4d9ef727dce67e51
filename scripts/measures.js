/**
 * @file Measures of the code, as a Markdown table with a column for each checkout:
 *
 *   node scripts/measures.js [ROOT…]          default: this checkout
 *
 * Files are the `.ts` files under src and test; src/kernels/assembly is in another language and left out. Lines are all
 * lines, blank ones and comments too. A function is anything with parameters and a body in braces (functions, methods,
 * accessors, arrow functions), from its first to its last line, with the functions inside it. Imports include those of
 * types alone. A chain of imports counts its files; files that import each other in a circle count as one. A duplicated
 * line belongs to a run of 8 lines or more, blank lines and indentation aside, that occurs in the source at least
 * twice. The parser is Oxc's, through vite: TypeScript 7 has no stable one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

const DUPLICATE = 8;

/** Numbers of one checkout, by the row of the table. */
function measure(root) {
  const sources = filesUnder(root, "src").filter(({ path }) => !path.startsWith("src/kernels/assembly/"));
  const tests = filesUnder(root, "test");
  const parsed = sources.map(parse);
  const [lines, testLines] = [sources, tests].map((files) => sum(files.map((file) => file.lines.length)));
  const graph = importGraph(parsed);
  const circles = components(graph).filter((files) => files.length > 1);
  const duplicated = duplicatedLines(sources);
  return {
    "source files": sources.length,
    "source lines": lines,
    "file length: median · p90 · max": spread(sources.map((file) => file.lines.length)),
    "longest file": longest(sources.map(({ path, lines }) => ({ name: path, length: lines.length }))),
    functions: sum(parsed.map(({ functions }) => functions.length)),
    "function length: median · p90 · max": spread(
      parsed.flatMap(({ functions }) => functions.map(({ length }) => length)),
    ),
    "longest function": longest(parsed.flatMap(({ functions }) => functions)),
    exports: sum(parsed.map(({ exports }) => exports)),
    imports: sum([...graph.values()].map((targets) => targets.size)),
    "deepest chain of imports": deepestChain(graph),
    "circles of imports": circles.length,
    "comment lines": `${percent(sum(parsed.map(({ comments }) => comments)), lines)}`,
    "test files": tests.length,
    "test lines": testLines,
    "test lines per source line": (testLines / lines).toFixed(2),
    [`lines in duplicated runs of ${DUPLICATE} or more`]: `${duplicated} (${percent(duplicated, lines)})`,
  };
}

function filesUnder(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .sort()
    .map((name) => {
      const text = readFileSync(join(root, folder, name), "utf8");
      const path = `${folder}/${name.replaceAll("\\", "/")}`;
      return { path, text, lines: text.replace(/\n$/u, "").split("\n") };
    });
}

function parse({ path, text }) {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  const line = lineCounter(text);
  const functions = [];
  visit(program, undefined, (node, parent) => {
    if (!/Function/u.test(node.type) || node.body?.type !== "BlockStatement") return;
    const outer = ["MethodDefinition", "Property"].includes(parent?.type) ? parent : node;
    functions.push({ name: `${path}:${line(outer.start)}`, length: line(node.end - 1) - line(outer.start) + 1 });
  });
  return {
    path,
    functions,
    exports: sum(program.body.map(exportedNames)),
    imports: program.body.map((node) => node.source?.value).filter((from) => from?.startsWith(".")),
    comments: sum(comments.map(({ start, end }) => line(end - 1) - line(start) + 1)),
  };
}

function visit(node, parent, seen) {
  if (typeof node.type === "string") seen(node, parent);
  for (const [key, child] of Object.entries(node)) {
    if (key === "parent" || typeof child !== "object" || child === null) continue;
    for (const one of Array.isArray(child) ? child : [child])
      if (typeof one === "object" && one !== null) visit(one, node, seen);
  }
}

/** From offsets to line numbers. */
function lineCounter(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** How many names a statement exports; `export *` counts as none. */
function exportedNames(node) {
  if (node.type === "ExportDefaultDeclaration") return 1;
  if (node.type !== "ExportNamedDeclaration") return 0;
  return node.declaration?.declarations?.length ?? (node.declaration ? 1 : node.specifiers.length);
}

/** File → files of ours that it imports. */
function importGraph(parsed) {
  const known = new Set(parsed.map(({ path }) => path));
  const target = (path, from) => relative(".", join(dirname(path), from)).replaceAll("\\", "/");
  return new Map(
    parsed.map(({ path, imports }) => [
      path,
      new Set(imports.map((from) => target(path, from)).filter((to) => known.has(to))),
    ]),
  );
}

/** Strongly connected files (Tarjan), those that are imported first. */
function components(graph) {
  const [index, low, stack, found] = [new Map(), new Map(), [], []];
  const connect = (file) => {
    index.set(file, index.size);
    low.set(file, index.get(file));
    stack.push(file);
    for (const next of graph.get(file)) {
      if (!index.has(next)) connect(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) === index.get(file)) found.push(stack.splice(stack.indexOf(file)));
  };
  for (const file of graph.keys()) if (!index.has(file)) connect(file);
  return found;
}

function deepestChain(graph) {
  const depth = new Map();
  for (const files of components(graph)) {
    const below = files.flatMap((file) => [...graph.get(file)]).map((file) => depth.get(file) ?? 0);
    for (const file of files) depth.set(file, 1 + Math.max(0, ...below));
  }
  return Math.max(0, ...depth.values());
}

/** Lines that belong to a repeated run; imports and closing brackets alone make none. */
function duplicatedLines(files) {
  const runs = new Map();
  const lines = files.map((file) =>
    file.lines.map((text) => text.trim()).filter((text) => text !== "" && !/^(?:import|\} from)\b/u.test(text)),
  );
  const eachRun = (use) =>
    lines.forEach((file, f) => {
      for (let i = 0; i + DUPLICATE <= file.length; i++) use(file.slice(i, i + DUPLICATE).join("\n"), f, i);
    });
  eachRun((run) => runs.set(run, (runs.get(run) ?? 0) + 1));
  const repeated = new Set();
  eachRun((run, f, i) => {
    if (runs.get(run) > 1) for (let k = 0; k < DUPLICATE; k++) repeated.add(`${f}:${i + k}`);
  });
  return repeated.size;
}

const sum = (values) => values.reduce((a, b) => a + b, 0);

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return `${at(0.5)} · ${at(0.9)} · ${at(1)}`;
}

function longest(things) {
  return things.toSorted((a, b) => b.length - a.length)[0]?.name ?? "none";
}

const here = fileURLToPath(new URL("..", import.meta.url));
const roots = process.argv.length > 2 ? process.argv.slice(2) : [here];
const columns = roots.map((root) => measure(resolve(root)));
const row = (cells) => `| ${cells.join(" | ")} |\n`;
process.stdout.write(row(["measure", ...roots.map((root) => relative("..", resolve(root)) || ".")]));
process.stdout.write(`|---|${"---|".repeat(roots.length)}\n`);
for (const name of Object.keys(columns[0])) process.stdout.write(row([name, ...columns.map((column) => column[name])]));
