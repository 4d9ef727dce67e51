/** @file Batched matrix products. */
import { broadcastShapes, shapeError, show } from "../shape.ts";
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { sumTo } from "./arithmetic.ts";

/** Which factors are read transposed. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

type Flags = Required<MatmulOptions>;

/** Rows and columns of a factor as it is read. */
function sides(x: Tensor, transposed: boolean): readonly [number, number] {
  const [rows, columns] = x.shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

function swapLast(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
}

const matmulOp: OpDef<Flags> = {
  name: "matmul",
  shape: ([a, b], { transposeA, transposeB }) => {
    if (a.shape.length < 2) throw shapeError("matmul", "a", a.shape, "two axes or more");
    if (b.shape.length < 2) throw shapeError("matmul", "b", b.shape, "two axes or more");
    const [m, k] = sides(a, transposeA);
    const [k2, n] = sides(b, transposeB);
    if (k !== k2) throw shapeError("matmul", "b", b.shape, `inner size ${k} to match a ${show(a.shape)}`);
    return [...broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  },
  gradient: ({ inputs: [a, b], attributes: { transposeA, transposeB } }, dy) => {
    const da = transposeA
      ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
      : matmul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
      : matmul(a, dy, { transposeA: !transposeA });
    return [sumTo(da, a), sumTo(db, b)];
  },
  emit: (emitter, [a, b], { inputs, attributes: { transposeA, transposeB } }) => {
    if (!transposeA && !transposeB) return emitter.node("MatMul", [a, b]);
    // FusedMatMul reads the transposed factor in place; the WebGPU provider does not have it.
    if (emitter.device === "cpu") {
      const flags = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0, alpha: { float: 1 } };
      return emitter.node("FusedMatMul", [a, b], flags, "com.microsoft");
    }
    const turn = (name: string, x: Tensor, flag: boolean): string =>
      flag ? emitter.node("Transpose", [name], { perm: swapLast(x.shape.length) }) : name;
    return emitter.node("MatMul", [turn(a, inputs[0], transposeA), turn(b, inputs[1], transposeB)]);
  },
};

/** a `[…, m, k]` times b `[…, k, n]`: `[…, m, n]`; leading axes broadcast. */
export function matmul(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}): Tensor {
  return apply(matmulOp, [a, b], { transposeA, transposeB });
}
