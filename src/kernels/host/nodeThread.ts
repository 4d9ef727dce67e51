/** @file A thread of `KernelPool` in Node: one kernel instance, one export call per job. */
import type { KernelThreadData } from "./host.ts";
import { type KernelJob, jobRunner } from "./jobs.ts";

const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { module, memory, thread } = workerData as KernelThreadData;
const run = jobRunner(module, memory, thread);

parentPort?.on("message", (job: KernelJob) => parentPort?.postMessage(run(job)));
