/** @file Instances of kernels for synchronous calls. */
import { describe, expect, it } from "vitest";
import {
  KERNEL_BASE,
  kernelInstance,
  loadKernel,
  planMemory,
  sharedInstance,
} from "../../src/kernels/kernelInstance.ts";

describe("a kernel", () => {
  it("that is not built is an error, loaded or not", async () => {
    await expect(loadKernel("nothing")).rejects.toThrow("npm run build makes it");
    expect(() => kernelInstance("nothing" as never, 1)).toThrow("npm run build makes it");
  });

  it("is compiled once", async () => {
    expect(await loadKernel("cluster")).toBe(await loadKernel("cluster"));
  });

  it("has memory of its own in every instance", () => {
    const [a, b] = [kernelInstance("pixels", 70_000), kernelInstance("pixels", 1)];
    expect(a.memory.buffer.byteLength).toBe(2 * 65536);
    expect(b.memory.buffer.byteLength).toBe(65536);
    expect(a.memory).not.toBe(b.memory);
    expect(typeof a.shrink).toBe("function");
  });

  it("that is shared is replaced only when it has to grow", () => {
    const small = sharedInstance("cluster", 1);
    expect(sharedInstance("cluster", small.memory.buffer.byteLength)).toBe(small);
    const large = sharedInstance("cluster", small.memory.buffer.byteLength + 1);
    expect(large).not.toBe(small);
    expect(sharedInstance("cluster", 1)).toBe(large);
  });
});

describe("arrays in its memory", () => {
  it("begin behind the module's own data, aligned, one behind the other", () => {
    const { at, total } = planMemory({ a: 1, b: 64, c: 65, d: 0 });
    expect(at).toEqual({ a: KERNEL_BASE, b: KERNEL_BASE + 64, c: KERNEL_BASE + 128, d: KERNEL_BASE + 256 });
    expect(total).toBe(KERNEL_BASE + 256);
  });
});
