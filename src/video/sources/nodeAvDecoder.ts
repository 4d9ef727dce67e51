/**
 * @file One pass over the video stream of a file through node-av: picture by picture, with seeking to key frames.
 * Everything is synchronous; the owner decides when to let other work run.
 */
import type { CodecContext, FormatContext, Frame as AvFrame, Packet, SoftwareScaleContext, Stream } from "node-av/lib";
import { UserError } from "../../core/errors.ts";
import { matrixFor } from "./colourTags.ts";
import { check, type NodeAv } from "../backends/nodeAvLibrary.ts";
import type { RgbPicture } from "../picture.ts";
import { noVideo, unreadable } from "./videoErrors.ts";

/** The decoder's current picture, before conversion. */
export interface DecodedPicture {
  /** Presentation time in units of the stream's time base; undefined when the container has none. */
  readonly pts: bigint | undefined;
  /** Whether decoding can begin here. */
  readonly isKey: boolean;
  /** Whether it is made of two fields. */
  readonly interlaced: boolean;
  /** How long it is shown in units of the time base; 0 when the container does not say. */
  readonly duration: bigint;
}

/** A packet of the stream that the container does not hide. */
export interface SentPacket {
  /** Presentation time in units of the stream's time base; undefined when the container has none. */
  readonly pts: bigint | undefined;
}

export interface DecoderOptions {
  /** Decoding threads. */
  readonly threads: number;
  /** Skip the costly parts of decoding whose result is not looked at: counts, times and damage stay exact, pixels do not. */
  readonly timesOnly?: boolean;
  /** Told of every packet that should become a picture. */
  readonly onPacket?: (packet: SentPacket) => void;
}

export class NodeAvDecoder {
  readonly stream: Stream;
  readonly format: FormatContext;
  /** Packets or pictures that could not be decoded so far. */
  damaged = 0;
  readonly av: NodeAv;
  /** Video tracks in the file, cover pictures left out. */
  readonly tracks: number;
  private readonly streamIndex: number;
  private readonly onPacket: ((packet: SentPacket) => void) | undefined;
  private readonly codec: CodecContext;
  private readonly packet: Packet;
  private readonly picture: AvFrame;
  private readonly rgb: AvFrame;
  private readonly scaler: SoftwareScaleContext;
  private drained = false;
  /** Whether the decoder has met the stream's beginning. */
  private begun = false;

  /** @throws UserError `video/unreadable` or `video/no-video` */
  constructor(av: NodeAv, path: string, options: DecoderOptions) {
    this.av = av;
    this.onPacket = options.onPacket;
    this.format = openFormat(av, path);
    try {
      const tracks = videoTracks(av, this.format);
      if (tracks.length === 0) throw noVideo(path);
      this.tracks = tracks.length;
      this.streamIndex = tracks[0];
      this.stream = this.format.streams[this.streamIndex];
      this.codec = openCodec(av, this.stream, path, options);
    } catch (error) {
      this.format.closeInputSync();
      throw error;
    }
    this.packet = new av.Packet();
    this.packet.alloc();
    this.picture = new av.Frame();
    this.picture.alloc();
    this.rgb = new av.Frame();
    this.rgb.alloc();
    this.scaler = new av.SoftwareScaleContext();
    this.scaler.allocContext();
  }

  /** Decodes the next picture; undefined at the end of what can be read. */
  next(): DecodedPicture | undefined {
    this.begun = true;
    this.picture.unref();
    while (!this.receive()) {
      if (this.drained) return undefined;
      this.feed();
    }
    const { bestEffortTimestamp: pts, duration } = this.picture;
    const { AV_FRAME_FLAG_KEY, AV_FRAME_FLAG_INTERLACED } = this.av.constants;
    return {
      pts: this.timeOf(pts),
      isKey: this.picture.hasFlags(AV_FRAME_FLAG_KEY),
      interlaced: this.picture.hasFlags(AV_FRAME_FLAG_INTERLACED),
      duration,
    };
  }

  /** FFmpeg's name of the codec. */
  get codecName(): string {
    return this.av.avGetCodecName(this.stream.codecpar.codecId) ?? "";
  }

  /** MatrixCoefficients (ITU-T H.273) of the current picture. */
  get matrix(): number {
    return this.picture.colorSpace;
  }

  /** Size of the current picture as stored. */
  get size(): { width: number; height: number } {
    return { width: this.picture.width, height: this.picture.height };
  }

  /** The display matrix of the stream or of the current picture, 9 values, if there is one. */
  displayMatrix(): Int32Array | undefined {
    const { AV_PKT_DATA_DISPLAYMATRIX, AV_FRAME_DATA_DISPLAYMATRIX } = this.av.constants;
    const bytes =
      this.stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX) ??
      this.picture.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
    return bytes === null ? undefined : Int32Array.from({ length: 9 }, (_, i) => bytes.readInt32LE(4 * i));
  }

  /** The current picture as RGB of the given size (pictures that change size in mid-stream are scaled to it). */
  toRgb(width: number, height: number): RgbPicture {
    const { rgb, scaler, av } = this;
    rgb.unref();
    rgb.format = av.constants.AV_PIX_FMT_RGB24;
    rgb.width = width;
    rgb.height = height;
    check(av, rgb.getBuffer(), "cannot make room for a picture");
    this.plainTags();
    check(av, scaler.scaleFrameSync(rgb, this.picture), "cannot convert a picture to RGB");
    // Rows may be padded in `rgb`; toBuffer packs them into memory of its own.
    const bytes = rgb.toBuffer();
    return { width, height, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }

  /** Leaves of the picture's tags only what conversion goes by, see colourTags.ts; fields of interlaced pictures stay woven. */
  private plainTags(): void {
    const { picture } = this;
    const { AV_FRAME_FLAG_INTERLACED, AVCOL_TRC_UNSPECIFIED, AVCOL_PRI_UNSPECIFIED } = this.av.constants;
    picture.clearFlags(AV_FRAME_FLAG_INTERLACED);
    picture.colorTrc = AVCOL_TRC_UNSPECIFIED;
    picture.colorPrimaries = AVCOL_PRI_UNSPECIFIED;
    picture.colorSpace = matrixFor(picture.colorSpace) as typeof picture.colorSpace;
  }

  /** Goes to the last key frame at or before a time, as the container's index has it; false when it cannot. */
  seek(pts: bigint): boolean {
    // Which encoder made the stream stands in its first packet only, and the decoder works around the faults of old ones (x264 before
    // build 151 wrote 4:4:4 in a way of its own): without it the pictures after a seek come out green.
    if (!this.begun) this.next();
    const code = this.format.seekFrameSync(this.streamIndex, pts, this.av.constants.AVSEEK_FLAG_BACKWARD);
    this.codec.flushBuffers();
    this.drained = false;
    return code >= 0;
  }

  close(): void {
    this.packet.free();
    this.picture.free();
    this.rgb.free();
    this.scaler.freeContext();
    this.codec.freeContext();
    this.format.closeInputSync();
  }

  /** Takes a finished picture out of the codec; false when it wants more input. */
  private receive(): boolean {
    const { AVERROR_EAGAIN, AVERROR_EOF } = this.av.constants;
    for (;;) {
      const code = this.codec.receiveFrameSync(this.picture);
      if (code >= 0) {
        // What was missing is made up from other pictures.
        if (this.picture.decodeErrorFlags !== 0) this.damaged++;
        return true;
      }
      if (code === AVERROR_EOF || code === AVERROR_EAGAIN) return false;
      this.damaged++;
    }
  }

  private timeOf(pts: bigint): bigint | undefined {
    return pts === this.av.constants.AV_NOPTS_VALUE ? undefined : pts;
  }

  private report(): void {
    const { flags, pts, size } = this.packet;
    const isHidden = (flags & this.av.constants.AV_PKT_FLAG_DISCARD) !== 0;
    if (!isHidden && size > 0) this.onPacket?.({ pts: this.timeOf(pts) });
  }

  /** Puts one packet into the codec, or the end of the stream. */
  private feed(): void {
    for (;;) {
      const code = this.format.readFrameSync(this.packet);
      if (code < 0) {
        if (code !== this.av.constants.AVERROR_EOF) this.damaged++;
        this.codec.sendPacketSync(null);
        this.drained = true;
        return;
      }
      const wanted = this.packet.streamIndex === this.streamIndex;
      if (wanted) this.report();
      if (wanted && this.codec.sendPacketSync(this.packet) < 0) this.damaged++;
      this.packet.unref();
      if (wanted) return;
    }
  }
}

/** Opens a file and reads what streams it has. @throws UserError `video/unreadable` */
export function openFormat(av: NodeAv, path: string): FormatContext {
  const format = new av.FormatContext();
  // "file:" keeps a colon in the name from being taken for a protocol.
  const code = format.openInputSync(`file:${path}`);
  if (code < 0) throw unreadable(path, new av.FFmpegError(code).message);
  const found = format.findStreamInfoSync();
  if (found >= 0) return format;
  format.closeInputSync();
  throw unreadable(path, new av.FFmpegError(found).message);
}

/** Indices of the real video tracks: what ffmpeg calls V, without cover pictures. */
function videoTracks(av: NodeAv, format: FormatContext): number[] {
  const { AVMEDIA_TYPE_VIDEO, AV_DISPOSITION_ATTACHED_PIC, AV_DISPOSITION_TIMED_THUMBNAILS } = av.constants;
  const cover = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  return format.streams.flatMap(({ codecpar, disposition }, index) =>
    codecpar.codecType === AVMEDIA_TYPE_VIDEO && (disposition & cover) === 0 ? [index] : [],
  );
}

/** Opens the decoder of a stream. @throws UserError `video/unreadable` */
export function openCodec(
  av: NodeAv,
  stream: Stream,
  path: string,
  options: Pick<DecoderOptions, "threads" | "timesOnly">,
): CodecContext {
  const decoder = av.Codec.findDecoder(stream.codecpar.codecId);
  if (decoder === null)
    throw new UserError("video/unreadable", {
      what: `${path} is coded in a way that this FFmpeg cannot decode`,
      got: av.avGetCodecName(stream.codecpar.codecId) ?? "an unknown codec",
      todo: "convert it to H.264 first",
    });
  const codec = new av.CodecContext();
  codec.allocContext3(decoder);
  check(av, codec.parametersToContext(stream.codecpar), "cannot set up the decoder");
  codec.pktTimebase = stream.timeBase;
  codec.threadCount = options.threads;
  if (options.timesOnly === true)
    for (const option of ["skip_loop_filter", "skip_idct"]) codec.setOption(option, "all");
  check(av, codec.open2Sync(decoder), "cannot open the decoder");
  return codec;
}
