/** @file What no page can load, for the test of the check. */
export { readFileSync } from "node:fs";
export * from "../../src/video/writing/png.ts";
