/** @file Builds the page that tracks in the browser alone into dist/alone; `writeAlone` puts what it fetches beside it. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  // The page may be served from any folder.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Of onnxruntime-web only what computes in WebAssembly.
  resolve: { alias: [{ find: /^onnxruntime-web$/u, replacement: "onnxruntime-web/wasm" }] },
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../../dist/alone", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
