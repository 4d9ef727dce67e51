/** @file The host of this process. */
import type { KernelHost } from "./host.ts";
import { inNode, nodeHost } from "./node.ts";
import { webHost } from "./web.ts";

export type { KernelHost, KernelThread } from "./host.ts";
export { serveKernelsFrom } from "./web.ts";

export const host: KernelHost = inNode() ? nodeHost() : webHost();
