/**
 * @file Calls to a worker thread: a request by name, one answer each, in order. Errors arrive as they were thrown, a
 * `UserError` with its code and parts; a worker that dies is an error of every call, never a hang.
 */
import { parentPort, type Transferable, Worker } from "node:worker_threads";
import type { ErrorCode } from "./errorCatalogue.ts";
import { internal, messageOf, UserError, type UserErrorParts } from "./errors.ts";

interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

type Answer =
  | { readonly id: number; readonly kind: "done"; readonly value: unknown }
  | { readonly id: number; readonly kind: "failed"; readonly message: string }
  | { readonly id: number; readonly kind: "refused"; readonly code: ErrorCode; readonly parts: UserErrorParts };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The compiled form of a worker's script, whether the caller runs from src (tests) or from the build. */
export function builtScript(name: string, caller: string): URL {
  const built = caller.endsWith(".ts") ? caller.replace(/\/src\/(?!.*\/src\/)/, "/dist/") : caller;
  return new URL(name, built);
}

/** A worker thread and its pending calls. */
export class WorkerCalls implements AsyncDisposable {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private failure: Error | undefined;
  private count = 0;

  /** @param script a module that calls `serveCalls`. */
  constructor(script: URL) {
    this.worker = new Worker(script);
    this.worker.on("message", (answer: Answer) => this.answered(answer));
    this.worker.on("error", (error) => this.fail(internal(`a worker thread died: ${messageOf(error)}`)));
    this.worker.on("exit", (code) => this.fail(internal(`a worker thread ended with exit code ${code}`)));
  }

  /**
   * @param transfer buffers of the argument that move to the worker and are empty here afterwards; others are copied.
   * @throws what the handler throws
   */
  async call<Result>(name: string, argument: unknown, transfer: readonly Transferable[] = []): Promise<Result> {
    if (this.failure !== undefined) throw this.failure;
    return new Promise<Result>((resolve, reject) => {
      const id = this.count++;
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      const request: Request = { id, name, argument };
      this.worker.postMessage(request, [...transfer]);
    });
  }

  /** Ends the thread; pending calls are rejected. */
  async close(): Promise<void> {
    this.fail(internal("the worker thread was closed"));
    await this.worker.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answered(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.kind === "done") waiting?.resolve(answer.value);
    else if (answer.kind === "refused") waiting?.reject(new UserError(answer.code, answer.parts));
    else waiting?.reject(new Error(answer.message));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** An answer whose buffers move instead of being copied. */
class Moved {
  readonly value: unknown;
  readonly transfer: readonly Transferable[];

  constructor(value: unknown, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** Lets a handler hand over buffers of its answer; they are empty in the worker afterwards. */
export function moved(value: unknown, transfer: readonly Transferable[]): unknown {
  return new Moved(value, transfer);
}

/** What a worker can do, by name. */
export type CallHandlers = Readonly<Record<string, (argument: never) => unknown>>;

/** Answers the calls of this worker's `WorkerCalls`, one after another in the order they came. */
export function serveCalls(handlers: CallHandlers): void {
  let queue: Promise<void> = Promise.resolve();
  parentPort?.on("message", (request: Request) => {
    queue = queue.then(() => answer(handlers, request));
  });
}

async function answer(handlers: CallHandlers, { id, name, argument }: Request): Promise<void> {
  try {
    const result = await handlers[name](argument as never);
    const { value, transfer } = result instanceof Moved ? result : { value: result, transfer: [] };
    parentPort?.postMessage({ id, kind: "done", value } satisfies Answer, [...transfer]);
  } catch (error) {
    parentPort?.postMessage(failureOf(id, error));
  }
}

function failureOf(id: number, error: unknown): Answer {
  return error instanceof UserError
    ? { id, kind: "refused", code: error.code, parts: error.parts }
    : { id, kind: "failed", message: messageOf(error) };
}
