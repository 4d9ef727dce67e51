/** @file The sound track of a file that node-av writes: AAC, one channel. */
import type { CodecContext, FormatContext, Packet, Stream } from "node-av/lib";
import { internal } from "../../core/errors.ts";
import { check, type NodeAv } from "../backends/nodeAvLibrary.ts";
import { SOUND_BIT_RATE, SOUND_ENCODER, type WrittenSound } from "./pictureEncoder.ts";

/** Adds its stream to a container whose header is not written yet. */
export class NodeAvSoundTrack {
  private readonly av: NodeAv;
  private readonly sound: WrittenSound;
  private readonly format: FormatContext;
  private readonly codec: CodecContext;
  private readonly stream: Stream;
  private readonly packet: Packet;
  /** Samples given to the encoder. */
  private given = 0;

  constructor(av: NodeAv, format: FormatContext, sound: WrittenSound) {
    this.av = av;
    this.format = format;
    this.sound = sound;
    const encoder = av.Codec.findEncoderByName(SOUND_ENCODER as Parameters<NodeAv["Codec"]["findEncoderByName"]>[0]);
    if (encoder === null) throw internal(`FFmpeg has no encoder ${SOUND_ENCODER}`);
    this.codec = new av.CodecContext();
    this.codec.allocContext3(encoder);
    this.codec.sampleRate = sound.rate;
    this.codec.sampleFormat = av.constants.AV_SAMPLE_FMT_FLTP;
    this.codec.channelLayout = av.constants.AV_CHANNEL_LAYOUT_MONO;
    this.codec.timeBase = new av.Rational(1, sound.rate);
    this.codec.bitRate = BigInt(SOUND_BIT_RATE);
    if (format.oformat?.hasFlags(av.constants.AVFMT_GLOBALHEADER) === true)
      this.codec.setFlags(av.constants.AV_CODEC_FLAG_GLOBAL_HEADER);
    check(av, this.codec.open2Sync(encoder), "cannot open the encoder of the sound");
    this.stream = format.newStream();
    check(av, this.stream.codecpar.fromContext(this.codec), "cannot describe the sound");
    this.stream.timeBase = this.codec.timeBase;
    this.packet = new av.Packet();
    this.packet.alloc();
  }

  /** Encodes the sound up to a time, so that it lies in the file beside the pictures. */
  writeUpTo(timeSec: number): void {
    const { samples, rate } = this.sound;
    const until = Math.min(samples.length, Math.ceil(timeSec * rate));
    while (this.given < until) this.give(samples.subarray(this.given, this.given + this.codec.frameSize));
  }

  /** Encodes the rest. */
  end(): void {
    this.writeUpTo(Infinity);
    check(this.av, this.codec.sendFrameSync(null), "cannot end the sound");
    this.writePackets();
  }

  release(): void {
    this.packet.free();
    this.codec.freeContext();
  }

  private give(samples: Float32Array): void {
    const { av, sound } = this;
    const frame = av.Frame.fromAudioBuffer(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), {
      nbSamples: samples.length,
      format: av.constants.AV_SAMPLE_FMT_FLTP,
      sampleRate: sound.rate,
      channelLayout: av.constants.AV_CHANNEL_LAYOUT_MONO,
      timeBase: { num: 1, den: sound.rate },
      pts: BigInt(this.given),
    });
    const code = this.codec.sendFrameSync(frame);
    frame.free();
    check(av, code, "cannot encode the sound");
    this.given += samples.length;
    this.writePackets();
  }

  private writePackets(): void {
    const { AVERROR_EAGAIN, AVERROR_EOF } = this.av.constants;
    for (;;) {
      const code = this.codec.receivePacketSync(this.packet);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
      check(this.av, code, "cannot encode the sound");
      this.packet.streamIndex = this.stream.index;
      this.packet.rescaleTs(this.codec.timeBase, this.stream.timeBase);
      check(this.av, this.format.interleavedWriteFrameSync(this.packet), "cannot write to the file");
    }
  }
}
