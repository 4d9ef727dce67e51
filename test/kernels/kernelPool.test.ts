import { describe, expect, it } from "vitest";
import { KernelPool } from "../../src/kernels/kernelPool.ts";

const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

describe("a failing kernel job is an error, never a hang", () => {
  it("an unknown job", async () => {
    await using pool = await KernelPool.open({ kernel: "match", memory: memory(), threads: 2 });
    await expect(pool.run("noSuchJob")).rejects.toThrow("internal: kernel job failed: noSuchJob");
    await expect(pool.run("match")).rejects.toThrow("internal: kernel job failed: noSuchJob");
  });

  it("a trap inside the kernel", async () => {
    const small = memory();
    // Height 8 and the query's address far outside the memory.
    new Uint32Array(small.buffer, 1024, 20).set([0, 8, 8, 2, 1, 2048, 16, 2, 0, 0, 0x7fff0000, 0x7fff0000, 0x7fff0000]);
    await using pool = await KernelPool.open({ kernel: "match", memory: small, threads: 1 });
    await expect(pool.run("prepare")).rejects.toThrow(/internal: kernel job failed: prepare: .*out of bounds/u);
  });

  it("a kernel that is not there names the remedy", async () => {
    await expect(KernelPool.open({ kernel: "nothing", memory: memory(), threads: 1 })).rejects.toThrow(
      "npm run build makes it",
    );
  });
});
