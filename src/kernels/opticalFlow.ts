/**
 * @file Dense optical flow between two pictures: plans the shared memory, runs the WASM kernel `assembly/flow.ts` on
 * worker threads and copies the result out. The method is in the kernel's header, a slow reference implementation in
 * test/reference/opticalFlow.ts.
 */
import { internal, UserError } from "../core/errors.ts";
import * as block from "./constants/flow.ts";
import { loadKernel } from "./kernelInstance.ts";
import { KernelPool, poolThreads } from "./kernelPool.ts";

/** How flow is computed. */
export interface OpticalFlowOptions {
  /** Worker threads; default: the available cores. */
  readonly threads?: number | undefined;
  /** The most Gauss-Newton steps of a patch on each level; default 8. */
  readonly iterations?: number;
}

/** Grey picture, `[height, width]` in 0..255. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** RGB picture, `[height, width, 3]` uint8. */
export interface ColourPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Flow from a picture `from` to a picture `to`, on the pixels of `from`. */
export interface DenseFlow {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, pixels to the right: what is at x in `from` is at x + u in `to`. */
  readonly u: Float32Array;
  /** `[height, width]`, pixels down. */
  readonly v: Float32Array;
}

/** Flow with its forward-backward check. */
export interface CheckedFlow extends DenseFlow {
  /**
   * `[height, width]`: 1 where the path there and back ends where it began; 0 where occluded, outside or unreliable.
   */
  readonly valid: Uint8Array;
}

/**
 * How well two explanations fit the pictures: the variance of the grey differences that each leaves in a neighbourhood
 * of every cell. Variance rather than mean square, so that a change of light is not evidence.
 */
export interface Evidence {
  /** `[cells down, cells across]`, grey levels squared: left by the plane map. */
  readonly map: Float32Array;
  /** The same, left by the flow. */
  readonly flow: Float32Array;
}

/** Address of the table of levels. */
const LEVEL_TABLE = 2048;
const PAGE = 65536;
/** No level except level 0 has a side shorter than this. */
const SHORTEST_SIDE = 16;
/** The most memory that may be planned: 1 GB. */
const MAX_PAGES = 16384;

/** Byte addresses of a level of the pyramid. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly images: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
  readonly patches: readonly [number, number];
  readonly u: readonly [number, number];
  readonly v: readonly [number, number];
}

interface Plan {
  readonly width: number;
  readonly height: number;
  readonly levels: readonly Level[];
  readonly valid: number;
  readonly residuals: number;
  readonly evidence: number;
  readonly rgb: readonly [number, number];
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly total: number;
}

/** Allocates consecutive addresses. */
class Arena {
  next = PAGE;

  take(bytes: number): number {
    const at = this.next;
    this.next += Math.ceil(bytes / 64) * 64;
    return at;
  }

  pair(bytes: number): [number, number] {
    return [this.take(bytes), this.take(bytes)];
  }
}

function planLevel(arena: Arena, width: number, height: number): Level {
  const columns = Math.max(1, Math.ceil(width / 4) - 1);
  const rows = Math.max(1, Math.ceil(height / 4) - 1);
  const stride = (Math.ceil((width + 4) / 4) * 4 + 2 * block.PAD) * 4;
  const origin = block.PAD * stride + block.PAD * 4;
  const images = arena.pair(stride * (height + 2 * block.PAD + 5));
  const plane = (columns + 1) * 16 * (rows + 1) * 4;
  return {
    width,
    height,
    stride,
    images: [images[0] + origin, images[1] + origin],
    columns,
    rows,
    patches: arena.pair(columns * rows * 16),
    u: arena.pair(plane),
    v: arena.pair(plane),
  };
}

/** @param factor of the RGB pictures' size over the flow's. */
function makePlan(width: number, height: number, threads: number, factor: number): Plan {
  const arena = new Arena();
  const levels: Level[] = [];
  for (let w = width, h = height; levels.length === 0 || Math.min(w, h) >= SHORTEST_SIDE; w >>= 1, h >>= 1) {
    levels.push(planLevel(arena, w, h));
  }
  const scratchBytes = 1024 + (levels[0].columns + 1) * 16 * 4 * 3;
  const valid = arena.take(width * height);
  const residuals = arena.take(width * height * 8);
  const evidence = arena.take(width * height * 8);
  const rgb = arena.pair((width + 1) * (height + 1) * factor * factor * 3);
  const scratch = arena.take(scratchBytes * threads);
  return { width, height, levels, valid, residuals, evidence, rgb, scratch, scratchBytes, total: arena.next };
}

type Size = Pick<GreyPicture, "width" | "height">;

/** A plan for pictures that were shrunk by `factor`. */
type ShrunkPlan = Plan & { readonly factor: number };

/** Worker threads and what they share. */
interface Workers {
  readonly memory: WebAssembly.Memory;
  readonly pool: KernelPool;
}

/** @throws RangeError when there is not so much memory, or more than is allowed */
async function startWorkers(pages: number, threads: number): Promise<Workers> {
  if (pages > MAX_PAGES) throw new RangeError(`${pages} pages`);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return { memory, pool: await KernelPool.open({ kernel: "flow", memory, threads }) };
}

/** Computes flow between pairs of pictures; one call at a time. The size may change from call to call. */
export class OpticalFlow implements AsyncDisposable {
  readonly threads: number;
  private readonly iterations: number;
  /** None until pictures say how much memory they take. */
  private workers: Workers | undefined;
  private plan: ShrunkPlan | undefined;
  private isClosed = false;

  private constructor(threads: number, iterations: number) {
    this.threads = threads;
    this.iterations = iterations;
  }

  /** Loads the kernel; the workers start with the first pictures. */
  static async open({ iterations = 8, threads }: OpticalFlowOptions = {}): Promise<OpticalFlow> {
    await loadKernel("flow");
    return new OpticalFlow(poolThreads(threads), iterations);
  }

  /** Flow from `from` to `to`, one direction, no check. */
  async flow(from: GreyPicture, to: GreyPicture): Promise<DenseFlow> {
    if (!this.hasRoom(from, 1)) await this.enlarge(from, 1);
    this.load(from, to);
    await this.compute(1);
    return this.result();
  }

  /** Flow from `from` to `to` with the forward-backward check. */
  async checkedFlow(from: GreyPicture, to: GreyPicture): Promise<CheckedFlow> {
    if (!this.hasRoom(from, 1)) await this.enlarge(from, 1);
    this.load(from, to);
    await this.compute(2);
    return this.checkedResult();
  }

  /**
   * Checked flow of colour pictures, computed on luma shrunk by a whole factor (mean over factor × factor pixels; the
   * remainder at the right and bottom is ignored). The result is in pixels of the shrunken pictures.
   */
  async checkedFlowOfColour(from: ColourPicture, to: ColourPicture, factor: number): Promise<CheckedFlow> {
    const { width, height } = from;
    if (to.width !== width || to.height !== height) throw sizesDiffer(from, to);
    const size = {
      width: Math.max(1, Math.floor(width / factor)),
      height: Math.max(1, Math.floor(height / factor)),
    };
    if (!this.hasRoom(size, factor)) await this.enlarge(size, factor);
    const plan = this.reserve(size, factor);
    [from, to].forEach(({ data }, i) => new Uint8Array(this.memory.buffer, plan.rgb[i], data.length).set(data));
    this.set(block.RGB, ...plan.rgb);
    this.set(block.RGB_WIDTH, width);
    this.set(block.FACTOR, factor);
    await this.run("grey");
    await this.compute(2);
    return this.checkedResult();
  }

  /**
   * Compares a plane map with the flow that was computed last.
   * @param map row-major 3 × 3, from pixels of `from` to pixels of `to` (origin at the corner of the first pixel).
   * @param grid cells of `cell` × `cell` pixels, the first at the first pixel.
   */
  async evidence(
    map: readonly number[],
    grid: { readonly cell: number; readonly width: number; readonly height: number },
  ): Promise<Evidence> {
    const { evidence } = this.planned();
    const { cell, width, height } = grid;
    this.set(block.CELL, cell);
    this.set(block.CELLS_WIDTH, width);
    this.set(block.CELLS_HEIGHT, height);
    new Float32Array(this.memory.buffer, block.PARAMS + block.MAP * 4, 9).set(map);
    await this.run("evidence");
    const planes = new Float32Array(this.memory.buffer, evidence, 2 * width * height);
    return { map: planes.slice(0, width * height), flow: planes.slice(width * height) };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.workers?.pool.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Both grey pictures as level 0. */
  private load(from: GreyPicture, to: GreyPicture): void {
    const { width, height } = from;
    if (to.width !== width || to.height !== height) throw sizesDiffer(from, to);
    const level = this.reserve(from, 1).levels[0];
    [from, to].forEach(({ data }, i) => {
      const image = new Float32Array(this.memory.buffer, level.images[i], (level.stride / 4) * height);
      for (let y = 0; y < height; y++) {
        image.set(data.subarray(y * width, (y + 1) * width), y * (level.stride / 4));
      }
    });
  }

  /** The plan for a size that there is room for. */
  private reserve(size: Size, factor: number): Plan {
    const plan = this.planFor(size, factor);
    if (plan === this.plan) return plan;
    this.plan = plan;
    this.writePlan(plan);
    return plan;
  }

  private hasRoom(size: Size, factor: number): boolean {
    const { workers } = this;
    return workers !== undefined && this.planFor(size, factor).total <= workers.memory.buffer.byteLength;
  }

  /** The one in use, if it is for this size. */
  private planFor({ width, height }: Size, factor: number): ShrunkPlan {
    const { plan } = this;
    if (plan !== undefined && plan.width === width && plan.height === height && plan.factor === factor) return plan;
    return { ...makePlan(width, height, this.threads, factor), factor };
  }

  /**
   * Starts workers on memory that is large enough, in place of those on smaller memory: a worker that is just starting
   * may go on with the size that shared memory had before it grew.
   */
  private async enlarge(size: Size, factor: number): Promise<void> {
    const { width, height, total } = this.planFor(size, factor);
    const pages = Math.ceil(total / PAGE);
    const former = this.workers;
    try {
      this.workers = await startWorkers(pages, this.threads);
      this.plan = undefined;
    } catch (error) {
      throw new UserError(
        "motion/memory",
        {
          what: "not enough memory for optical flow",
          got: `pictures of ${width}x${height}`,
          todo: "use smaller pictures",
        },
        error,
      );
    }
    await former?.pool.close();
    // Closed meanwhile: the new ones end as well, and the job that follows says so.
    if (this.isClosed) await this.workers.pool.close();
  }

  private writePlan({ levels, valid, residuals, evidence, scratch, scratchBytes }: Plan): void {
    this.set(block.THREADS, this.threads);
    this.set(block.LEVELS, levels.length);
    this.set(block.TABLE, LEVEL_TABLE);
    this.set(block.SCRATCH, scratch);
    this.set(block.SCRATCH_BYTES, scratchBytes);
    this.set(block.ITERATIONS, this.iterations);
    this.set(block.VALID, valid);
    this.set(block.RESIDUALS, residuals);
    this.set(block.EVIDENCE, evidence);
    levels.forEach((level, i) => this.writeLevel(i, level));
  }

  private writeLevel(index: number, { width, height, stride, images, columns, rows, patches, u, v }: Level): void {
    const words = new Uint32Array(this.memory.buffer, LEVEL_TABLE + index * block.LEVEL_WORDS * 4, block.LEVEL_WORDS);
    words[block.L_WIDTH] = width;
    words[block.L_HEIGHT] = height;
    words[block.L_STRIDE] = stride;
    words.set(images, block.L_IMAGE);
    words[block.L_COLUMNS] = columns;
    words[block.L_ROWS] = rows;
    words.set(patches, block.L_PATCHES);
    words.set(u, block.L_U);
    words.set(v, block.L_V);
  }

  private async compute(directions: 1 | 2): Promise<void> {
    this.set(block.DIRECTIONS, directions);
    await this.run("flow");
  }

  private async run(job: "grey" | "flow" | "evidence"): Promise<void> {
    this.set(block.NEXT_STRIP, 0);
    this.set(block.ARRIVED, 0);
    await this.started.pool.run(job);
  }

  private result(): DenseFlow {
    const plan = this.planned();
    const { u, v } = plan.levels[0];
    return { width: plan.width, height: plan.height, u: this.plane(u[0]), v: this.plane(v[0]) };
  }

  private checkedResult(): CheckedFlow {
    const { width, height, valid } = this.planned();
    return { ...this.result(), valid: new Uint8Array(this.memory.buffer, valid, width * height).slice() };
  }

  /** A dense plane of level 0 without its padding. */
  private plane(address: number): Float32Array {
    const { width, height, levels } = this.planned();
    const stride = (levels[0].columns + 1) * 4;
    const padded = new Float32Array(this.memory.buffer, address, stride * height);
    const out = new Float32Array(width * height);
    for (let y = 0; y < height; y++) out.set(padded.subarray(y * stride, y * stride + width), y * width);
    return out;
  }

  private get memory(): WebAssembly.Memory {
    return this.started.memory;
  }

  private get started(): Workers {
    if (this.workers === undefined) throw internal("no flow was computed");
    return this.workers;
  }

  private planned(): Plan {
    if (this.plan === undefined) throw internal("no flow was computed");
    return this.plan;
  }

  /** Words of the parameter block, from `word` on. */
  private set(word: number, ...values: number[]): void {
    new Uint32Array(this.memory.buffer, block.PARAMS + word * 4, values.length).set(values);
  }
}

function sizesDiffer(from: GreyPicture | ColourPicture, to: GreyPicture | ColourPicture): Error {
  return internal(`flow between ${from.width}x${from.height} and ${to.width}x${to.height}`);
}
