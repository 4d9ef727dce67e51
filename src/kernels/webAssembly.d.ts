/**
 * @file The part of the WebAssembly JavaScript interface that is used here: Node has it, but neither its types nor lib
 * ES2023 declare it.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
    private readonly compiled: undefined;
  }
  class Memory {
    constructor(size: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /**
     * Adds pages; throws a RangeError if there are none. Views of the old `buffer` stay valid, but keep their old
     * length.
     */
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
