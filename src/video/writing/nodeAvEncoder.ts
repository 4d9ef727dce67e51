/** @file Encoding by node-av: H.264 in mp4, VP9 in webm, GIF with a separate palette for every picture. */
import type { CodecContext, FormatContext, Packet, Stream } from "node-av/lib";
import { UserError } from "../../core/errors.ts";
import { nodeAvConverter, type PictureConverter } from "./nodeAvConverter.ts";
import { check, type NodeAv } from "../backends/nodeAvLibrary.ts";
import { NodeAvSoundTrack } from "./nodeAvSoundTrack.ts";
import {
  evenUp,
  KEY_FRAME_INTERVAL,
  padToEven,
  recipeOf,
  ticksPerSecond,
  type EncoderOptions,
  type PictureEncoder,
  type VideoFormat,
} from "./pictureEncoder.ts";

/** Whether this build of node-av can write the format. */
export function canEncode(av: NodeAv, format: VideoFormat): boolean {
  return findEncoder(av, format) !== null;
}

function findEncoder(av: NodeAv, format: VideoFormat): InstanceType<NodeAv["Codec"]> | null {
  return av.Codec.findEncoderByName(
    recipeOf({ format }).encoder as Parameters<NodeAv["Codec"]["findEncoderByName"]>[0],
  );
}

export class NodeAvEncoder implements PictureEncoder {
  private readonly av: NodeAv;
  private readonly options: EncoderOptions;
  private readonly codec: CodecContext;
  private readonly format: FormatContext;
  private readonly stream: Stream;
  private readonly packet: Packet;
  private readonly converter: PictureConverter;
  private readonly sound: NodeAvSoundTrack | undefined;
  /** Durations of pictures that are still in the encoder, by time: libx264 does not pass them through. */
  private readonly durations = new Map<bigint, bigint>();
  private open = true;

  constructor(av: NodeAv, options: EncoderOptions) {
    this.av = av;
    this.options = options;
    this.format = new av.FormatContext();
    check(
      av,
      this.format.allocOutputContext2(null, options.format, `file:${options.path}`),
      "cannot make the container",
    );
    this.codec = openEncoder(av, options, this.format);
    this.stream = this.format.newStream();
    check(av, this.stream.codecpar.fromContext(this.codec), "cannot describe the video");
    this.stream.timeBase = this.codec.timeBase;
    this.sound = options.sound === undefined ? undefined : new NodeAvSoundTrack(av, this.format, options.sound);
    if (options.format === "mp4") this.format.setOption("movflags", "+faststart");
    check(av, this.format.openOutputSync(), `cannot open ${options.path}`);
    check(av, this.format.writeHeaderSync(), "cannot write the header");
    this.packet = new av.Packet();
    this.packet.alloc();
    this.converter = nodeAvConverter(av, options.format, this.codec.width, this.codec.height);
  }

  async encode(rgb: Uint8Array, ticks: number, durationTicks: number): Promise<void> {
    const { width, height, format } = this.options;
    this.sound?.writeUpTo(ticks / ticksPerSecond[format]);
    const padded = format === "gif" ? rgb : padToEven(rgb, width, height);
    const picture = this.converter.convert(padded);
    picture.pts = BigInt(ticks);
    this.durations.set(picture.pts, BigInt(durationTicks));
    check(this.av, this.codec.sendFrameSync(picture), "cannot encode a picture");
    this.writePackets();
  }

  async end(): Promise<void> {
    check(this.av, this.codec.sendFrameSync(null), "cannot end the video");
    this.writePackets();
    this.sound?.end();
    check(this.av, this.format.writeTrailerSync(), "cannot complete the file");
    this.release();
  }

  async cancel(): Promise<void> {
    this.release();
  }

  private writePackets(): void {
    const { AVERROR_EAGAIN, AVERROR_EOF } = this.av.constants;
    for (;;) {
      const code = this.codec.receivePacketSync(this.packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(this.av, code, "cannot encode a picture");
      this.packet.streamIndex = this.stream.index;
      this.packet.duration = this.durations.get(this.packet.pts) ?? 0n;
      this.durations.delete(this.packet.pts);
      this.packet.rescaleTs(this.codec.timeBase, this.stream.timeBase);
      check(this.av, this.format.interleavedWriteFrameSync(this.packet), "cannot write to the file");
    }
  }

  private release(): void {
    if (!this.open) return;
    this.open = false;
    this.converter.close();
    this.packet.free();
    this.sound?.release();
    this.codec.freeContext();
    this.format.closeOutputSync();
    this.format.freeContext();
  }
}

function openEncoder(av: NodeAv, options: EncoderOptions, container: FormatContext): CodecContext {
  const { encoder: name, settings } = recipeOf(options);
  const encoder = findEncoder(av, options.format);
  if (encoder === null)
    throw new UserError("video/no-encoder", {
      what: `this build of node-av has no encoder ${name} for ${options.format}`,
    });
  const { constants } = av;
  const codec = new av.CodecContext();
  codec.allocContext3(encoder);
  codec.timeBase = new av.Rational(1, ticksPerSecond[options.format]);
  codec.framerate = new av.Rational(Math.round(options.fps * 1000), 1000);
  codec.gopSize = KEY_FRAME_INTERVAL;
  setPictureKind(av, codec, options);
  if (container.oformat?.hasFlags(constants.AVFMT_GLOBALHEADER) === true)
    codec.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER);
  for (const [key, value] of Object.entries(settings))
    check(av, codec.setOption(key, value), `cannot set ${key}=${value}`);
  check(av, codec.open2Sync(encoder), `cannot open the encoder ${name}`);
  return codec;
}

/** Size, pixel format and, so that every player shows the same colours, their meaning. */
function setPictureKind(av: NodeAv, codec: CodecContext, { format, width, height }: EncoderOptions): void {
  const { constants } = av;
  codec.width = format === "gif" ? width : evenUp(width);
  codec.height = format === "gif" ? height : evenUp(height);
  codec.pixelFormat = format === "gif" ? constants.AV_PIX_FMT_PAL8 : constants.AV_PIX_FMT_YUV420P;
  if (format === "gif") return;
  codec.colorSpace = constants.AVCOL_SPC_BT709;
  codec.colorPrimaries = constants.AVCOL_PRI_BT709;
  codec.colorTrc = constants.AVCOL_TRC_BT709;
  codec.colorRange = constants.AVCOL_RANGE_MPEG;
}
