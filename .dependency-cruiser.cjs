/** Layers, lowest first: a folder may import itself and the folders before it. */
const layers = [
  ["core"],
  ["tensor", "kernels", "video", "weights", "charts"],
  ["annotations"],
  ["synthetic", "motion", "formats", "metrics"],
  ["method"],
  ["training", "tracking"],
  ["results"],
  ["inspection"],
  ["evaluation"],
  ["tasks"],
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

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    { name: "no-test-imports", severity: "error", from: { path: "^src/" }, to: { path: "^(test|bench)/" } },
    ...upward,
    ...sideways,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/|^src/kernels/assembly/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".d.ts"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "node", "default"],
    },
  },
};
