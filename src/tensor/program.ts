/** @file Runs a graph: one ONNX model, one onnxruntime session. */
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { channelBlock } from "./channelBlocks.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { TensorData } from "./dtype.ts";
import type { DeviceKind } from "./emitter.ts";
import { emitModel, outputName } from "./onnx.ts";
import { show, sizeOf } from "./shape.ts";
import { inOrder, type InputAttributes, isInput, type Tensor } from "./tensor.ts";

/** Where and how a program runs. */
export interface ProgramOptions {
  /** Default `cpu`. */
  readonly device?: DeviceKind;
  /** Threads of the CPU provider; default all cores. */
  readonly threads?: number;
  /**
   * Threads that wait for work keep their processor busy for a while: a little faster when nothing else runs, much slower when
   * something does. Default true.
   */
  readonly spinning?: boolean;
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

/** Values by name. */
export type Feeds = Readonly<Record<string, TensorData>>;

/** A compiled graph. */
export class Program<Name extends string> implements AsyncDisposable {
  private readonly session: ort.InferenceSession;
  private readonly inputs: ReadonlyMap<string, Tensor<InputAttributes>>;
  private readonly outputs: Readonly<Record<Name, Tensor>>;
  private profileFile: string | undefined;

  constructor(
    session: ort.InferenceSession,
    inputs: ReadonlyMap<string, Tensor<InputAttributes>>,
    outputs: Readonly<Record<Name, Tensor>>,
    profileFile: string | undefined,
  ) {
    this.session = session;
    this.inputs = inputs;
    this.outputs = outputs;
    this.profileFile = profileFile;
  }

  /**
   * Computes every output once.
   * @param feeds a value for every input of the graph, by name.
   * @param into arrays to write outputs to, by name (their lengths must fit); the others are made.
   * @throws UserError when an input is missing or has the wrong length.
   */
  async run(feeds: Feeds, into: Readonly<Record<string, TensorData>> = {}): Promise<Record<Name, Float32Array>> {
    const values: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of this.inputs) values[name] = toOrt(name, feeds[name], tensor);
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const [name, tensor] of Object.entries<Tensor>(this.outputs)) {
      const target = into[name];
      fetches[outputName(name)] = target === undefined ? null : toOrt(name, target, tensor);
    }
    const results = await this.session.run(values, fetches);
    const entries = Object.keys(this.outputs).map((name) => [name, into[name] ?? results[outputName(name)].data]);
    return Object.fromEntries(entries) as Record<Name, Float32Array>;
  }

  /** Ends the measurement: time per op type, longest first. Needs the option `profile`; can be called once. */
  async profile(): Promise<OpTime[]> {
    if (this.profileFile === undefined)
      throw new UserError("tensor/profile", {
        what: "profile(): nothing was measured",
        todo: "compile with { profile: true }, and ask once",
      });
    this.session.endProfiling();
    const file = await newestWithPrefix(this.profileFile);
    this.profileFile = undefined;
    const events = JSON.parse(await readFile(file, "utf8")) as readonly ProfileEvent[];
    await rm(file, { force: true });
    return summarise(events);
  }

  /** Gives back the session; a profile that nobody asked for is removed. */
  async close(): Promise<void> {
    if (this.profileFile !== undefined) await this.profile();
    await this.session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Compiles the graph that leads to the named outputs. */
export async function compile<Name extends string>(
  outputs: Readonly<Record<Name, Tensor>>,
  { device = "cpu", threads, spinning = true, profile = false }: ProgramOptions = {},
): Promise<Program<Name>> {
  const inputs = new Map(
    inOrder(Object.values<Tensor>(outputs))
      .filter(isInput)
      .map((tensor) => [tensor.attributes.name, tensor]),
  );
  const prefix = profile ? join(tmpdir(), `tsumugi-profile-${process.pid}-${profiles++}`) : undefined;
  try {
    const target = { device, channelBlock: device === "cpu" ? await channelBlock() : 0 };
    const session = await ort.InferenceSession.create(emitModel(outputs, target), {
      executionProviders: [device],
      graphOptimizationLevel: "all",
      interOpNumThreads: 1,
      // The pattern is one block for all activations, taken at the second run beside what the first run took: a training step
      // of `small` then peaks at 1890 MB instead of 1040, and is no faster.
      enableMemPattern: false,
      logSeverityLevel: 3,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      ...(spinning ? {} : { extra: { session: { intra_op: { allow_spinning: "0" } } } }),
      ...(prefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: prefix }),
    });
    return new Program(session, inputs, outputs, prefix);
  } catch (error) {
    throw device === "webgpu" ? noAdapter(error) : error;
  }
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

const arrays = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const;

function toOrt(name: string, data: TensorData | undefined, { shape, dtype }: Tensor): ort.Tensor {
  if (data === undefined)
    throw new UserError("tensor/feed", { what: `run(): the input ${name} is missing`, expected: show(shape) });
  if (data.length !== sizeOf(shape)) {
    throw new UserError("tensor/feed", { what: `run(): ${name} has ${data.length} elements`, expected: show(shape) });
  }
  if (!(data instanceof arrays[dtype]))
    throw new UserError("tensor/feed", { what: `run(): ${name} is a ${data.constructor.name}`, expected: dtype });
  return new ort.Tensor(dtype, data as Float32Array, shape);
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
  // The names end with the time, and an earlier process of the same number may have left one.
  const all = (await readdir(tmpdir())).filter((name) => join(tmpdir(), name).startsWith(`${prefix}_`));
  const found = all.sort().at(-1);
  if (found === undefined)
    throw new UserError("tensor/profile", { what: `onnxruntime wrote no profile at ${prefix}*` });
  return join(tmpdir(), found);
}
