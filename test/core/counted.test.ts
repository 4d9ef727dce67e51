import { expect, it } from "vitest";
import { counted } from "../../src/core/counted.ts";

it.each([
  [0, "0 frames"],
  [1, "1 frame"],
  [2, "2 frames"],
])("%i of frames is %s", (count, text) => expect(counted(count, "frame")).toBe(text));
