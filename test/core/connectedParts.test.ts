import { describe, expect, it } from "vitest";
import { connectedParts } from "../../src/core/connectedParts.ts";

describe("connected parts", () => {
  it("touch by sides, not by corners nor around the border", () => {
    const marked = Uint8Array.from(["110001", "001000", "011000"].join(""), Number);
    const parts = connectedParts(marked, 6).map((part) => part.toSorted((a, b) => a - b));
    expect(parts).toEqual([[0, 1], [5], [8, 13, 14]]);
    expect(connectedParts(new Uint8Array(18), 6)).toEqual([]);
  });
});
