/** @file Motion blur made afterwards: every pixel becomes the mean along its path of the optical flow. */
import { type DenseFlow, OpticalFlow } from "../../kernels/opticalFlow.ts";
import type { Frame, FrameSource } from "../../video/frame.ts";
import type { RgbPicture } from "../../video/picture.ts";
import { resizeFloat } from "../../video/resize.ts";

/** Rows of the pictures that flow is computed on, about. */
const ROWS = 240;
/** The most samples along a path. */
const MOST_SAMPLES = 48;

/** Smears the frames of a clip along their motion. */
export class Smear {
  private readonly source: FrameSource;
  private kernel: Promise<OpticalFlow> | undefined;
  private last: Frame | undefined;

  constructor(source: FrameSource) {
    this.source = source;
  }

  /**
   * The first frame moves as it will move to the second.
   * @param exposure how long the shutter is open, in frames; centred on the frame
   */
  async picture(frame: Frame, exposure: number): Promise<RgbPicture> {
    const other = await this.beside(frame);
    this.last = frame;
    if (other === undefined) return frame;
    this.kernel ??= OpticalFlow.open();
    const factor = Math.max(1, Math.round(Math.min(frame.width, frame.height) / ROWS));
    const flow = await (await this.kernel).checkedFlowOfColour(frame, other, factor);
    return alongFlow(frame, flow, { factor, exposure });
  }

  async close(): Promise<void> {
    await (await this.kernel)?.close();
  }

  private async beside({ index }: Frame): Promise<Frame | undefined> {
    if (this.source.frameCount < 2) return undefined;
    const other = index === 0 ? 1 : index - 1;
    return this.last?.index === other ? this.last : this.source.frame(other);
  }
}

function alongFlow(
  { width, height, data }: RgbPicture,
  flow: DenseFlow,
  { factor, exposure }: { readonly factor: number; readonly exposure: number },
): RgbPicture {
  const [u, v] = [flow.u, flow.v].map((plane) =>
    resizeFloat(plane, [1, flow.height, flow.width], width, height).map((px) => px * factor * exposure),
  );
  const out = new Uint8Array(data.length);
  for (let p = 0, y = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const samples = Math.min(MOST_SAMPLES, 1 + Math.ceil(Math.max(Math.abs(u[p]), Math.abs(v[p]))));
      let [r, g, b] = [0, 0, 0];
      for (let s = 0; s < samples; s++) {
        const t = (s + 0.5) / samples - 0.5;
        const column = Math.min(width - 1, Math.max(0, Math.round(x + t * u[p])));
        const row = Math.min(height - 1, Math.max(0, Math.round(y + t * v[p])));
        const from = 3 * (row * width + column);
        r += data[from];
        g += data[from + 1];
        b += data[from + 2];
      }
      out[3 * p] = Math.round(r / samples);
      out[3 * p + 1] = Math.round(g / samples);
      out[3 * p + 2] = Math.round(b / samples);
    }
  return { width, height, data: out };
}
