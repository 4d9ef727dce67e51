/** @file The sound of a file through node-av. */
import { setImmediate } from "node:timers/promises";
import type { CodecContext, FilterContext, FilterGraph, FormatContext, Frame as AvFrame, Packet } from "node-av/lib";
import { internal } from "../../core/errors.ts";
import { check, type NodeAv } from "../backends/nodeAvLibrary.ts";
import { openCodec, openFormat } from "../sources/nodeAvDecoder.ts";
import { noSound } from "./soundErrors.ts";

/** How many packets are decoded before other work gets its turn. */
const PACKETS_PER_TURN = 32;

/**
 * @param filter makes mono float32 of what is decoded
 * @throws UserError `sound/missing`, `video/unreadable`
 */
export async function* nodeAvSound(path: string, av: NodeAv, filter: string): AsyncGenerator<Float32Array, void, void> {
  const decoder = new SoundDecoder(av, path, filter);
  try {
    for (let packets = 1; ; packets++) {
      const more = decoder.feed();
      yield* decoder.take();
      if (!more) return;
      if (packets % PACKETS_PER_TURN === 0) await setImmediate();
    }
  } finally {
    decoder.close();
  }
}

class SoundDecoder {
  private readonly av: NodeAv;
  private readonly filter: string;
  private readonly format: FormatContext;
  private readonly streamIndex: number;
  private readonly codec: CodecContext;
  private readonly packet: Packet;
  private readonly decoded: AvFrame;
  private readonly filtered: AvFrame;
  /** Made when the first sound is decoded: headers may not say what it is. */
  private chain: Chain | undefined;

  constructor(av: NodeAv, path: string, filter: string) {
    this.av = av;
    this.filter = filter;
    this.format = openFormat(av, path);
    try {
      const { AVMEDIA_TYPE_AUDIO } = av.constants;
      this.streamIndex = this.format.streams.findIndex(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
      if (this.streamIndex < 0) throw noSound(path);
      this.codec = openCodec(av, this.format.streams[this.streamIndex], path, { threads: 1 });
    } catch (error) {
      this.format.closeInputSync();
      throw error;
    }
    this.packet = new av.Packet();
    this.packet.alloc();
    this.decoded = new av.Frame();
    this.decoded.alloc();
    this.filtered = new av.Frame();
    this.filtered.alloc();
  }

  /** Decodes one packet of the file into the filter; false after the last one. Damaged packets are passed over. */
  feed(): boolean {
    const more = this.format.readFrameSync(this.packet) >= 0;
    if (more && this.packet.streamIndex === this.streamIndex) this.codec.sendPacketSync(this.packet);
    if (more) this.packet.unref();
    else this.codec.sendPacketSync(null);
    while (this.codec.receiveFrameSync(this.decoded) >= 0) this.pass();
    if (!more && this.chain !== undefined)
      check(this.av, this.chain.source.buffersrcAddFrameSync(null), "cannot end the sound");
    return more;
  }

  /** What the filter has finished. */
  *take(): Generator<Float32Array, void, void> {
    if (this.chain === undefined) return;
    this.filtered.unref();
    while (this.chain.sink.buffersinkGetFrameSync(this.filtered) >= 0) {
      // A copy: the frame's memory is used again, and need not begin at a multiple of four bytes.
      const bytes = Uint8Array.from(this.filtered.data?.[0]?.subarray(0, 4 * this.filtered.nbSamples) ?? []);
      this.filtered.unref();
      if (bytes.length > 0) yield new Float32Array(bytes.buffer);
    }
  }

  close(): void {
    this.packet.free();
    this.decoded.free();
    this.filtered.free();
    this.chain?.graph.free();
    this.codec.freeContext();
    this.format.closeInputSync();
  }

  private pass(): void {
    this.chain ??= openChain(this.av, this.decoded, this.format.streams[this.streamIndex].timeBase, this.filter);
    check(this.av, this.chain.source.buffersrcAddFrameSync(this.decoded), "cannot convert the sound");
    this.decoded.unref();
  }
}

interface Chain {
  readonly graph: FilterGraph;
  readonly source: FilterContext;
  readonly sink: FilterContext;
}

/** The filter between a source that takes frames like this one and a sink. */
function openChain(av: NodeAv, like: AvFrame, timeBase: { num: number; den: number }, filter: string): Chain {
  const graph = new av.FilterGraph();
  graph.alloc();
  const add = (kind: "abuffer" | "abuffersink", name: string, args: string | null): FilterContext => {
    const found = av.Filter.getByName(kind);
    const context = found === null ? null : graph.createFilter(found, name, args);
    if (context === null) throw internal(`FFmpeg has no filter ${kind}`);
    return context;
  };
  const { channelLayout } = like;
  // Files that do not say which channel is which have an empty mask.
  const isNamed = channelLayout.mask !== 0n;
  const channels = isNamed
    ? `channel_layout=0x${channelLayout.mask.toString(16)}`
    : `channels=${channelLayout.nbChannels}`;
  const form = av.avGetSampleFmtName(like.format as Parameters<NodeAv["avGetSampleFmtName"]>[0]);
  const clock = `time_base=${timeBase.num}/${timeBase.den}:sample_rate=${like.sampleRate}`;
  const source = add("abuffer", "in", `${clock}:sample_fmt=${form}:${channels}`);
  const sink = add("abuffersink", "out", null);
  const outputs = av.FilterInOut.createList([{ name: "in", filterCtx: source, padIdx: 0 }]);
  const inputs = av.FilterInOut.createList([{ name: "out", filterCtx: sink, padIdx: 0 }]);
  check(av, graph.parsePtr(`[in]${filter}[out]`, inputs, outputs), "cannot make the sound's filter");
  check(av, graph.configSync(), "cannot set up the sound's filter");
  return { graph, source, sink };
}
