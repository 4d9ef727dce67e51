/** Layers, lowest first: a folder may import itself and the folders before it. */
const layers = [
  ["core", "client"],
  ["tensor", "kernels", "video", "weights", "charts", "outbox"],
  ["annotations"],
  ["synthetic", "motion", "sound", "formats", "metrics"],
  ["method"],
  ["training", "tracking"],
  ["results"],
  ["inspection", "review", "footage", "watch", "discovery", "clicks"],
  ["monitor"],
  ["evaluation"],
  ["site"],
  ["federation"],
  ["tasks"],
  ["server"],
  ["cli"],
];

const upward = layers.slice(0, -1).map((layer, i) => ({
  name: `no-upward-import-from-${layer.join("-")}`,
  severity: "error",
  from: { path: `^src/(${layer.join("|")})/` },
  to: {
    path: `^src/(${layers
      .slice(i + 1)
      .flat()
      .join("|")})/`,
  },
}));

const sideways = layers
  .filter((layer) => layer.length > 1)
  .flatMap((layer) =>
    layer.map((folder) => ({
      name: `no-sideways-import-from-${folder}`,
      severity: "error",
      from: { path: `^src/${folder}/` },
      to: { path: `^src/(${layer.filter((other) => other !== folder).join("|")})/` },
    })),
  );

/** What runs in a page as well as in Node; `node` folders within hold what does not. */
const browserSafe =
  "^src/(browser\\.ts$|(tensor/(graph|onnxruntime|web)|kernels|method(?!/node)|tracking(?!/session))/|video/masks/maskBytes\\.ts$)";

/** Whatever it reaches, directly or through others: Node's own modules and the packages that only Node can load. */
const nodeOnly = [
  `^(node:)?(${require("node:module").builtinModules.join("|")})$`,
  "(^|/)node_modules/(onnxruntime-node|sharp|node-av)/",
].map((path, i) => ({
  name: i === 0 ? "browser-safe-without-node-modules" : "browser-safe-without-node-packages",
  severity: "error",
  from: { path: browserSafe },
  to: { path, reachable: true },
}));

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    { name: "no-test-imports", severity: "error", from: { path: "^src/" }, to: { path: "^(test|bench)/" } },
    { name: "no-studio-imports", severity: "error", from: { path: "^src/" }, to: { path: "^studio/" } },
    {
      name: "studio-shares-types-only",
      severity: "error",
      // That file imports types and nothing else; the build would show it by its size. The client is for pages too.
      from: { path: "^studio/", pathNot: "^studio/(src/api/types\\.ts$|alone/)" },
      to: { path: "^src/(?!client/)" },
    },
    {
      name: "studio-alone-runs-the-browser-entry",
      severity: "error",
      from: { path: "^studio/alone/" },
      to: { path: "^src/(?!browser\\.ts$)" },
    },
    ...upward,
    ...sideways,
    ...nodeOnly,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|src/kernels/assembly)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".d.ts"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
