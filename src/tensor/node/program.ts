/** @file Runs a graph in Node: one ONNX model, one session of onnxruntime-node. */
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { messageOf, UserError } from "../../core/errors.ts";
import type { Compile } from "../graph/compile.ts";
import type { DeviceKind } from "../graph/emitter.ts";
import { emitModel } from "../graph/onnx.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { OnnxRuntime } from "../onnxruntime/runtime.ts";
import { SessionProgram, type SessionParts } from "../onnxruntime/sessionProgram.ts";
import { channelBlock } from "./channelBlocks.ts";

const runtime = ort as unknown as OnnxRuntime;

/** Where and how a program runs. */
export interface ProgramOptions {
  /** Default `cpu`. */
  readonly device?: DeviceKind | undefined;
  /** Threads of the CPU provider; default: all cores. */
  readonly threads?: number | undefined;
  /**
   * Waiting threads keep their core busy for a while: a little faster when nothing else runs, much slower when
   * something does. Default true.
   */
  readonly spinning?: boolean | undefined;
  /** Measure every op; read the result with `profile()`. */
  readonly profile?: boolean;
}

/** Time spent in one op type. */
export interface OpTime {
  readonly type: string;
  /** How often it ran. */
  readonly count: number;
  readonly ms: number;
}

/** A compiled graph. */
export class Program<Name extends string> extends SessionProgram<Name> {
  private profileFile: string | undefined;

  constructor(parts: SessionParts<Name>, profileFile: string | undefined) {
    super(parts);
    this.profileFile = profileFile;
  }

  /** Ends the measurement: time per op type, longest first. Needs the option `profile`; can be called once. */
  async profile(): Promise<OpTime[]> {
    if (this.profileFile === undefined)
      throw new UserError("tensor/profile", {
        what: "profile(): nothing was measured",
        todo: "compile with { profile: true }, and call profile() once",
      });
    this.session.endProfiling();
    const file = await newestWithPrefix(this.profileFile);
    this.profileFile = undefined;
    const events = JSON.parse(await readFile(file, "utf8")) as readonly ProfileEvent[];
    await rm(file, { force: true });
    return summarise(events);
  }

  /** Releases the session; an unread profile is removed. */
  override async close(): Promise<void> {
    if (this.profileFile !== undefined) await this.profile();
    await super.close();
  }
}

/** Compiles the graph of the named outputs. */
export async function compile<Name extends string>(
  outputs: Readonly<Record<Name, Tensor>>,
  { device = "cpu", threads, spinning = true, profile = false }: ProgramOptions = {},
): Promise<Program<Name>> {
  const prefix = profile ? join(tmpdir(), `tsumugi-profile-${process.pid}-${profiles++}`) : undefined;
  try {
    const target = { device, channelBlock: device === "cpu" ? await channelBlock() : 0 };
    const session = await runtime.InferenceSession.create(emitModel(outputs, target), {
      executionProviders: [device],
      graphOptimizationLevel: "all",
      interOpNumThreads: 1,
      // The memory pattern is one block for all activations, allocated at the second run on top of the first run's
      // memory: a training step of `small` then peaks at 1890 MB instead of 1040, and is no faster.
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(spinning ? {} : { extra: { session: { intra_op: { allow_spinning: "0" } } } }),
      ...(prefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: prefix }),
    });
    return new Program({ session, Tensor: runtime.Tensor, outputs, writesInto: true }, prefix);
  } catch (error) {
    throw device === "webgpu" ? noAdapter(error) : error;
  }
}

/** `compile` with fixed options, for code that runs anywhere. */
export function compilerWith(options: ProgramOptions = {}): Compile {
  return (outputs) => compile(outputs, options);
}

let profiles = 0;

function noAdapter(error: unknown): UserError {
  return new UserError(
    "tensor/device",
    {
      what: `the device webgpu cannot be used: ${messageOf(error)}`,
      expected: "a GPU with a Vulkan, Metal or Direct3D 12 driver",
      todo: "install the GPU's driver, or leave out --device webgpu to run on the CPU",
    },
    error,
  );
}

interface ProfileEvent {
  readonly cat: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

function summarise(events: readonly ProfileEvent[]): OpTime[] {
  const byType = new Map<string, { count: number; ms: number }>();
  for (const { cat, dur, args } of events) {
    if (cat !== "Node" || args?.op_name === undefined) continue;
    const entry = byType.get(args.op_name) ?? { count: 0, ms: 0 };
    byType.set(args.op_name, { count: entry.count + 1, ms: entry.ms + dur / 1000 });
  }
  return [...byType].map(([type, entry]) => ({ type, ...entry })).sort((a, b) => b.ms - a.ms);
}

async function newestWithPrefix(prefix: string): Promise<string> {
  // The names end with the time, and an earlier process with the same id may have left one.
  const all = (await readdir(tmpdir())).filter((name) => join(tmpdir(), name).startsWith(`${prefix}_`));
  const found = all.sort().at(-1);
  if (found === undefined)
    throw new UserError("tensor/profile", { what: `onnxruntime wrote no profile at ${prefix}*` });
  return join(tmpdir(), found);
}
