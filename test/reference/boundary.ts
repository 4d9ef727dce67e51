/**
 * @file The slow and obvious J and F: one byte per pixel, the definition written down pixel by pixel
 * (official `db_eval_iou`, `f_measure` and `_seg2bmap`).
 */

/** A binary picture: `[height, width]`, 0 or 1. */
export interface Binary {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function jaccard(a: Binary, b: Binary): number {
  let common = 0;
  let union = 0;
  for (let i = 0; i < a.data.length; i++) {
    if (a.data[i] === 1 && b.data[i] === 1) common++;
    if (a.data[i] === 1 || b.data[i] === 1) union++;
  }
  return union === 0 ? 1 : common / union;
}

export function boundary(mask: Binary): Binary {
  const { width, height } = mask;
  const at = (x: number, y: number): number => mask.data[y * width + x];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [lastColumn, lastRow] = [x === width - 1, y === height - 1];
      let differs: boolean;
      if (lastColumn && lastRow) differs = false;
      else if (lastColumn) differs = at(x, y) !== at(x, y + 1);
      else if (lastRow) differs = at(x, y) !== at(x + 1, y);
      else differs = at(x, y) !== at(x + 1, y) || at(x, y) !== at(x, y + 1) || at(x, y) !== at(x + 1, y + 1);
      data[y * width + x] = differs ? 1 : 0;
    }
  }
  return { width, height, data };
}

export function dilate({ width, height, data }: Binary, radius: number): Binary {
  const result = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let dy = -radius; dy <= radius; dy++)
        for (let dx = -radius; dx <= radius; dx++) {
          const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
          if (inside && dx * dx + dy * dy <= radius * radius && data[(y + dy) * width + x + dx] === 1)
            result[y * width + x] = 1;
        }
  return { width, height, data: result };
}

const sum = (values: Uint8Array): number => values.reduce((total, value) => total + value, 0);

export function fMeasure(prediction: Binary, truth: Binary): number {
  const radius = Math.ceil(0.008 * Math.hypot(truth.width, truth.height));
  const [fg, gt] = [boundary(prediction), boundary(truth)];
  const [nearFg, nearGt] = [dilate(fg, radius), dilate(gt, radius)];
  const [nFg, nGt] = [sum(fg.data), sum(gt.data)];
  let precision: number;
  let recall: number;
  if (nFg === 0 && nGt > 0) [precision, recall] = [1, 0];
  else if (nFg > 0 && nGt === 0) [precision, recall] = [0, 1];
  else if (nFg === 0 && nGt === 0) [precision, recall] = [1, 1];
  else {
    precision = sum(fg.data.map((value, i) => value * nearGt.data[i])) / nFg;
    recall = sum(gt.data.map((value, i) => value * nearFg.data[i])) / nGt;
  }
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}
