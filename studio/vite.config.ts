/** @file Builds the studio's pages into dist/studio, from where the package serves them. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: fileURLToPath(new URL("../dist/studio", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // Nothing may be inlined as data: the pages' security policy wants files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
