/** @file Ops that only move numbers: transpose, slice, pad, concat, gather, reverse. */
import { type Shape, shapeError, show, toAxis } from "../shape.ts";
import { apply, type OpDef, type Tensor } from "../tensor.ts";
import { reshape } from "./arithmetic.ts";

const transposeOp: OpDef<{ order: readonly number[] }> = {
  name: "transpose",
  shape: ([x], { order }) => {
    if ([...order].sort((a, b) => a - b).join() !== x.shape.map((_, i) => i).join()) {
      throw shapeError("transpose", "x", x.shape, `one axis for each entry of the order ${show(order)}`);
    }
    return order.map((axis) => x.shape[axis]);
  },
  gradient: ({ attributes: { order } }, dy) => [
    transpose(
      dy,
      order.map((_, i) => order.indexOf(i)),
    ),
  ],
  emit: (emitter, [x], { attributes }) => emitter.node("Transpose", [x], { perm: attributes.order }),
};

/** Reorders axes; the default swaps the last two. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const n = x.shape.length;
  const swapped = [...x.shape.keys()].map((i) => (i === n - 1 ? n - 2 : i === n - 2 ? n - 1 : i));
  return apply(transposeOp, [x], { order: (order ?? swapped).map((axis) => toAxis("transpose", axis, x.shape)) });
}

interface SliceAttributes {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
  readonly step: number;
}

const sliceOp: OpDef<SliceAttributes> = {
  name: "slice",
  shape: ([x], { axis, start, length, step }) => {
    const last = start + (length - 1) * step;
    if (length < 1 || step < 1 || start < 0 || last >= x.shape[axis]) {
      throw shapeError("slice", "x", x.shape, `axis ${axis} to hold indices ${start}..${last} (step ${step})`);
    }
    return x.shape.map((n, i) => (i === axis ? length : n));
  },
  gradient: ({ inputs: [x], attributes: { axis, start, step } }, dy) => [unslice(dy, axis, start, x.shape[axis], step)],
  emit: (emitter, [x], { attributes: { axis, start, length, step } }) =>
    emitter.node("Slice", [
      x,
      emitter.int64([start]),
      emitter.int64([start + (length - 1) * step + 1]),
      emitter.int64([axis]),
      emitter.int64([step]),
    ]),
};

/** `length` entries of one axis from `start`, every `step`-th. */
export function slice(x: Tensor, axis: number, start: number, length: number, step = 1): Tensor {
  const at = toAxis("slice", axis, x.shape);
  if (start === 0 && length === x.shape[at] && step === 1) return x;
  return apply(sliceOp, [x], { axis: at, start, length, step });
}

/** Puts a slice back in its place on an axis of `size` zeros: the reverse of `slice`. */
export function unslice(x: Tensor, axis: number, start: number, size: number, step = 1): Tensor {
  const spread = step === 1 ? x : dilate(x, axis, step);
  return pad(spread, axis, start, size - start - spread.shape[axis]);
}

/** Puts `step − 1` zeros between the entries of one axis. */
function dilate(x: Tensor, axis: number, step: number): Tensor {
  const n = x.shape[axis];
  const split = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const padded = pad(split, axis + 1, 0, step - 1);
  const flat = reshape(
    padded,
    x.shape.map((size, i) => (i === axis ? n * step : size)),
  );
  return slice(flat, axis, 0, (n - 1) * step + 1);
}

interface PadAttributes {
  /** Entries added before every axis; a negative number removes entries. */
  readonly before: readonly number[];
  /** Entries added after every axis. */
  readonly after: readonly number[];
  readonly value: number;
}

const padOp: OpDef<PadAttributes> = {
  name: "pad",
  shape: ([x], { before, after }) => {
    const shape = x.shape.map((n, i) => before[i] + n + after[i]);
    if (Math.min(1, ...shape) < 1)
      throw shapeError(
        "pad",
        "before, after",
        [...before, ...after],
        `at least one entry left of every axis of x ${show(x.shape)}`,
      );
    return shape;
  },
  gradient: ({ attributes: { before, after } }, dy) => [
    padAxes(
      dy,
      before.map((n) => -n),
      after.map((n) => -n),
      0,
    ),
  ],
  emit: (emitter, [x], { attributes: { before, after, value } }) =>
    emitter.node("Pad", [x, emitter.int64([...before, ...after]), emitter.scalar(value)], { mode: "constant" }),
};

function padAxes(x: Tensor, before: readonly number[], after: readonly number[], value: number): Tensor {
  return [...before, ...after].every((n) => n === 0) ? x : apply(padOp, [x], { before, after, value });
}

/** Lengthens one axis on both sides with a constant value (default 0); shortens it where a number is below 0. */
export function pad(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const at = toAxis("pad", axis, x.shape);
  const only = (n: number): number[] => x.shape.map((_, i) => (i === at ? n : 0));
  return padAxes(x, only(before), only(after), value);
}

/** Frames the pictures x `[…, H, W]` with a constant value (default 0); crops them where a margin is below 0. */
export function padPicture(
  x: Tensor,
  margins: { top: number; bottom: number; left: number; right: number },
  value = 0,
): Tensor {
  const rest = x.shape.slice(2).map(() => 0);
  return padAxes(x, [...rest, margins.top, margins.left], [...rest, margins.bottom, margins.right], value);
}

const concatOp: OpDef<{ axis: number }> = {
  name: "concat",
  shape: (inputs, { axis }) => {
    const first = inputs[0];
    for (const x of inputs) {
      const fits = x.shape.length === first.shape.length && x.shape.every((n, i) => i === axis || n === first.shape[i]);
      if (!fits)
        throw shapeError("concat", "an input", x.shape, `the shape ${show(first.shape)} except on axis ${axis}`);
    }
    return first.shape.map((n, i) => (i === axis ? inputs.reduce((total, x) => total + x.shape[axis], 0) : n));
  },
  gradient: ({ inputs, attributes: { axis } }, dy) => {
    let start = 0;
    return inputs.map((x) => {
      const part = slice(dy, axis, start, x.shape[axis]);
      start += x.shape[axis];
      return part;
    });
  },
  emit: (emitter, inputs, { attributes }) => emitter.node("Concat", inputs, { axis: attributes.axis }),
};

/** Joins tensors along one axis. */
export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  if (inputs.length === 0) throw shapeError("concat", "inputs", "nothing", "one tensor or more");
  if (inputs.length === 1) return inputs[0];
  return apply(concatOp, inputs, { axis: toAxis("concat", axis, inputs[0].shape) });
}

/** Joins tensors of one shape along a new axis, counted in the result; -1 makes it the last one. */
export function stack(inputs: readonly Tensor[], axis: number): Tensor {
  const at = inputs.length === 0 ? 0 : toAxis("stack", axis, [1, ...inputs[0].shape]);
  const widen = (shape: Shape): Shape => [...shape.slice(0, at), 1, ...shape.slice(at)];
  return concat(
    inputs.map((x) => reshape(x, widen(x.shape))),
    at,
  );
}

const gatherOp: OpDef<{ axis: number }> = {
  name: "gather",
  inputTypes: ["float32", "int32"],
  shape: ([x, indices], { axis }) => [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
  gradient: ({ inputs: [x, indices], attributes: { axis } }, dy) => {
    const order = [...dy.shape.keys()];
    const front = order.splice(axis, indices.shape.length);
    const rows = reshape(transpose(dy, [...front, ...order]), [indices.size, -1]);
    const others = x.shape.filter((_, i) => i !== axis);
    const summed = reshape(scatterAdd(rows, indices, x.shape[axis]), [x.shape[axis], ...others]);
    const back = x.shape.map((_, i) => (i === axis ? 0 : i < axis ? i + 1 : i));
    return [transpose(summed, back), undefined];
  },
  emit: (emitter, inputs, { attributes }) => emitter.node("Gather", inputs, { axis: attributes.axis }),
};

/** Entries of one axis by index (int32, any shape, also with repeats); the axis becomes the indices' axes. */
export function gather(x: Tensor, axis: number, indices: Tensor): Tensor {
  return apply(gatherOp, [x, indices], { axis: toAxis("gather", axis, x.shape) });
}

const scatterAddOp: OpDef<{ rows: number }> = {
  name: "scatterAdd",
  inputTypes: ["float32", "int32"],
  shape: ([x, indices], { rows }) => {
    if (x.shape.length !== 2 || x.shape[0] !== indices.size)
      throw shapeError("scatterAdd", "x", x.shape, `[${indices.size},c], a row for each index`);
    return [rows, x.shape[1]];
  },
  gradient: ({ inputs: [, indices] }, dy) => [reshape(gather(dy, 0, indices), [indices.size, dy.shape[1]]), undefined],
  emit: (emitter, [x, indices], { shape, inputs }) => {
    // Not ScatterND: onnxruntime adds its rows from several threads at once, and rows added to the same place get lost.
    const column = emitter.node("Reshape", [indices, emitter.int64([inputs[1].size, 1])]);
    const wide = emitter.node("Expand", [column, emitter.int64(inputs[0].shape)]);
    const zeros = emitter.node("Expand", [emitter.scalar(0), emitter.int64(shape)]);
    return emitter.node("ScatterElements", [zeros, wide, x], { axis: 0, reduction: "add" });
  },
};

/** Adds row i of x `[n, c]` to row indices[i] of zeros `[rows, c]`: the reverse of `gather`. */
export function scatterAdd(x: Tensor, indices: Tensor, rows: number): Tensor {
  return apply(scatterAddOp, [x, indices], { rows });
}

const reverseOp: OpDef<{ axes: readonly number[] }> = {
  name: "reverse",
  shape: ([x]) => x.shape,
  gradient: ({ attributes: { axes } }, dy) => [reverse(dy, axes)],
  emit: (emitter, [x], { attributes: { axes } }) =>
    emitter.node("Slice", [
      x,
      emitter.int64(axes.map(() => -1)),
      emitter.int64(axes.map(() => -(2 ** 31))),
      emitter.int64(axes),
      emitter.int64(axes.map(() => -1)),
    ]),
};

/** Reverses axes. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  return apply(reverseOp, [x], { axes: axes.map((axis) => toAxis("reverse", axis, x.shape)) });
}
