/**
 * @file Converts RGB pictures to what node-av's encoders take: BT.709 planes for H.264 and VP9, palette pictures for
 * GIF.
 */
import type { FilterContext, Frame as AvFrame } from "node-av/lib";
import { internal } from "../../core/errors.ts";
import { check, type NodeAv } from "../backends/nodeAvLibrary.ts";
import { PALETTE_FILTERS, ticksPerSecond, type VideoFormat } from "./pictureEncoder.ts";

export interface PictureConverter {
  /**
   * @param rgb `[height, width, 3]` uint8
   * @returns a frame without a time, valid until the next call
   */
  convert(rgb: Uint8Array): AvFrame;
  close(): void;
}

/** The converter for a format and a picture size. */
export function nodeAvConverter(av: NodeAv, format: VideoFormat, width: number, height: number): PictureConverter {
  return format === "gif" ? new PaletteConverter(av, width, height) : new PlanesConverter(av, width, height);
}

function rgbFrame(av: NodeAv, rgb: Uint8Array, width: number, height: number): AvFrame {
  const bytes = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  return av.Frame.fromVideoBuffer(bytes, { width, height, format: av.constants.AV_PIX_FMT_RGB24 });
}

class PlanesConverter implements PictureConverter {
  private readonly av: NodeAv;
  private readonly width: number;
  private readonly height: number;
  private readonly planes: AvFrame;
  private readonly scaler: InstanceType<NodeAv["SoftwareScaleContext"]>;

  constructor(av: NodeAv, width: number, height: number) {
    this.av = av;
    this.width = width;
    this.height = height;
    this.planes = new av.Frame();
    this.planes.alloc();
    this.scaler = new av.SoftwareScaleContext();
    this.scaler.allocContext();
  }

  convert(rgb: Uint8Array): AvFrame {
    const { av, planes, width, height } = this;
    planes.unref();
    planes.format = av.constants.AV_PIX_FMT_YUV420P;
    planes.width = width;
    planes.height = height;
    planes.colorSpace = av.constants.AVCOL_SPC_BT709;
    planes.colorRange = av.constants.AVCOL_RANGE_MPEG;
    check(av, planes.getBuffer(), "cannot make room for a picture");
    const source = rgbFrame(av, rgb, width, height);
    const code = this.scaler.scaleFrameSync(planes, source);
    source.free();
    check(av, code, "cannot convert a picture");
    return planes;
  }

  close(): void {
    this.planes.free();
    this.scaler.freeContext();
  }
}

class PaletteConverter implements PictureConverter {
  private readonly av: NodeAv;
  private readonly width: number;
  private readonly height: number;
  private readonly graph: InstanceType<NodeAv["FilterGraph"]>;
  private readonly source: FilterContext;
  private readonly sink: FilterContext;
  private readonly result: AvFrame;
  private count = 0n;

  constructor(av: NodeAv, width: number, height: number) {
    this.av = av;
    this.width = width;
    this.height = height;
    this.graph = new av.FilterGraph();
    this.graph.alloc();
    const args = `video_size=${width}x${height}:pix_fmt=${av.constants.AV_PIX_FMT_RGB24}:time_base=1/${ticksPerSecond.gif}:pixel_aspect=1/1`;
    this.source = this.addFilter("buffer", "in", args);
    this.sink = this.addFilter("buffersink", "out");
    const outputs = av.FilterInOut.createList([{ name: "in", filterCtx: this.source, padIdx: 0 }]);
    const inputs = av.FilterInOut.createList([{ name: "out", filterCtx: this.sink, padIdx: 0 }]);
    check(av, this.graph.parsePtr(`[in]${PALETTE_FILTERS}[out]`, inputs, outputs), "cannot make the palette filters");
    check(av, this.graph.configSync(), "cannot set up the palette filters");
    this.result = new av.Frame();
    this.result.alloc();
  }

  convert(rgb: Uint8Array): AvFrame {
    const { av, result } = this;
    const picture = rgbFrame(av, rgb, this.width, this.height);
    // The filters want ascending times; the caller gives the real ones.
    picture.pts = this.count++;
    const code = this.source.buffersrcAddFrameSync(picture);
    picture.free();
    check(av, code, "cannot reduce a picture to a palette");
    result.unref();
    check(av, this.sink.buffersinkGetFrameSync(result), "cannot reduce a picture to a palette");
    return result;
  }

  close(): void {
    this.result.free();
    this.graph.free();
  }

  private addFilter(kind: "buffer" | "buffersink", name: string, args?: string): FilterContext {
    const filter = this.av.Filter.getByName(kind);
    const context = filter === null ? null : this.graph.createFilter(filter, name, args ?? null);
    if (context === null) throw internal(`FFmpeg has no filter ${kind}`);
    return context;
  }
}
