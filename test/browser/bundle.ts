/** @file `src/browser.ts` bundled as a page's bundler would, and what the bundle is made of. */
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";

/** Packages that only Node can load. */
const NODE_ONLY = /^(?:onnxruntime-node|sharp|node-av)(?:\/|$)/u;

/** A bundle and its imports. */
export interface Bundle {
  /** One ES module. */
  readonly code: string;
  /** Imports of what only Node has, with the importer. */
  readonly nodeImports: readonly string[];
  /** Files that are in it, relative to the repository. */
  readonly modules: readonly string[];
}

/** Notes what only Node has, before vite replaces it by an empty module. */
function nodeImportsInto(found: string[]): Plugin {
  return {
    name: "node-imports",
    enforce: "pre",
    resolveId(source, importer) {
      if (isBuiltin(source) || NODE_ONLY.test(source)) found.push(`${importer} imports ${source}`);
      return null;
    },
  };
}

/** @param entry relative to the repository. */
export async function bundled(entry = "src/browser.ts"): Promise<Bundle> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const nodeImports: string[] = [];
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [nodeImportsInto(nodeImports)],
    build: {
      write: false,
      minify: false,
      target: "es2022",
      lib: { entry, formats: ["es"], fileName: "browser" },
      rolldownOptions: { external: ["onnxruntime-web"] },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const chunks = outputs
    .flatMap((one) => ("output" in one ? one.output : []))
    .filter((output): output is Rolldown.OutputChunk => output.type === "chunk");
  if (chunks.length !== 1) throw new Error(`${chunks.length} chunks`);
  const [{ code, moduleIds }] = chunks;
  return { code, nodeImports, modules: moduleIds.map((id) => id.replace(root, "")) };
}
