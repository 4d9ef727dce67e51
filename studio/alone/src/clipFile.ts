/**
 * @file A clip of the person's own disk: a video through WebCodecs, or pictures. Frames are counted as `FrameSource` counts
 * them: every picture that the file has, in the order in which they are shown, by its index.
 */
import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, type VideoSample, VideoSampleSink } from "mediabunny";
import { type Frame, UserError } from "../../../src/browser.ts";

/** Frames of one size. */
export interface ClipFile {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Names of frames, as `Frame.name`. */
  readonly names: readonly string[];
  /** From this index on, in order. */
  frames(start: number): AsyncGenerator<Frame>;
  /** The frame with this index, to be shown; the caller closes it. */
  picture(index: number): Promise<ImageBitmap>;
  close(): Promise<void>;
}

const isPicture = ({ type }: File): boolean => type.startsWith("image/");

/**
 * One video, or the pictures of a clip in any order: they follow each other as their names count.
 * @throws UserError `video/unreadable`, `video/no-frames`
 */
export function openClipFile(files: readonly File[]): Promise<ClipFile> {
  const [first] = files;
  if (first === undefined) throw new UserError("video/no-frames", { what: "no file was chosen" });
  return files.every(isPicture) ? PictureFiles.open(files) : VideoFile.open(first);
}

/** Draws frames and reads their pixels. */
class Canvas {
  readonly pen: OffscreenCanvasRenderingContext2D;
  private readonly width: number;
  private readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    const options = { alpha: false, willReadFrequently: true };
    this.pen = new OffscreenCanvas(width, height).getContext("2d", options) as OffscreenCanvasRenderingContext2D;
  }

  /** `[height, width, 3]` of what was drawn. */
  rgb(): Uint8Array {
    const { data } = this.pen.getImageData(0, 0, this.width, this.height);
    const rgb = new Uint8Array(this.width * this.height * 3);
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
      rgb[to] = data[from];
      rgb[to + 1] = data[from + 1];
      rgb[to + 2] = data[from + 2];
    }
    return rgb;
  }
}

class PictureFiles implements ClipFile {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly names: readonly string[];
  private readonly files: readonly File[];

  private constructor(files: readonly File[], { width, height }: ImageBitmap) {
    this.files = files;
    this.name = files[0].name;
    this.width = width;
    this.height = height;
    this.frameCount = files.length;
    this.names = files.map(({ name }) => name.replace(/\.[^.]*$/u, ""));
  }

  static async open(files: readonly File[]): Promise<PictureFiles> {
    const { compare } = new Intl.Collator("en", { numeric: true });
    const sorted = files.toSorted((a, b) => compare(a.name, b.name));
    const first = await decoded(sorted[0]);
    const clip = new PictureFiles(sorted, first);
    first.close();
    return clip;
  }

  async *frames(start: number): AsyncGenerator<Frame> {
    const { width, height } = this;
    const canvas = new Canvas(width, height);
    for (let index = start; index < this.frameCount; index++) {
      const picture = await this.picture(index);
      canvas.pen.drawImage(picture, 0, 0);
      picture.close();
      yield { index, timeSec: index, name: this.names[index], width, height, data: canvas.rgb() };
    }
  }

  async picture(index: number): Promise<ImageBitmap> {
    const picture = await decoded(this.files[index]);
    if (picture.width === this.width && picture.height === this.height) return picture;
    throw new UserError("tracking/frame-size", {
      what: `${this.files[index].name} has another size than the first picture`,
      got: `${picture.width}x${picture.height}`,
      expected: `${this.width}x${this.height}`,
    });
  }

  async close(): Promise<void> {}
}

async function decoded(file: File): Promise<ImageBitmap> {
  return createImageBitmap(file).catch((error: unknown) => {
    throw unreadable(file.name, error);
  });
}

class VideoFile implements ClipFile {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly names: readonly string[];
  private readonly timesSec: readonly number[];
  private readonly input: Input;
  private readonly sink: VideoSampleSink;
  /** Where the last picture was taken from: the next one follows without a jump. */
  private reading: { readonly samples: AsyncGenerator<VideoSample>; next: number } | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(name: string, input: Input, sink: VideoSampleSink, found: Found) {
    this.name = name;
    this.input = input;
    this.sink = sink;
    this.width = found.width;
    this.height = found.height;
    this.timesSec = found.timesSec;
    this.frameCount = found.timesSec.length;
    this.names = found.timesSec.map((_, index) => String(index).padStart(5, "0"));
  }

  static async open(file: File): Promise<VideoFile> {
    const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
    try {
      const track = await input.getPrimaryVideoTrack();
      if (track === null) throw new Error("it has no video track");
      if (!(await track.canDecode())) throw new Error(`this browser cannot decode ${String(track.codec)}`);
      const sink = new VideoSampleSink(track);
      const timesSec: number[] = [];
      for await (const { timestamp } of new EncodedPacketSink(track).packets(undefined, undefined, METADATA))
        timesSec.push(timestamp);
      timesSec.sort((a, b) => a - b);
      return new VideoFile(file.name, input, sink, { timesSec, ...(await firstSize(sink, timesSec)) });
    } catch (error) {
      input.dispose();
      throw unreadable(file.name, error);
    }
  }

  async *frames(start: number): AsyncGenerator<Frame> {
    const { width, height, timesSec, names } = this;
    const canvas = new Canvas(width, height);
    let index = start;
    for await (const sample of this.sink.samples(timesSec[start])) {
      sample.draw(canvas.pen, 0, 0, width, height);
      sample.close();
      if (index === this.frameCount) return;
      yield { index, timeSec: timesSec[index], name: names[index], width, height, data: canvas.rgb() };
      index++;
    }
  }

  picture(index: number): Promise<ImageBitmap> {
    const result = this.turn.then(() => this.read(index));
    this.turn = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.turn;
    await this.reading?.samples.return(undefined);
    this.input.dispose();
  }

  private async read(index: number): Promise<ImageBitmap> {
    if (this.reading?.next !== index) {
      await this.reading?.samples.return(undefined);
      this.reading = { samples: this.sink.samples(this.timesSec[index]), next: index };
    }
    const { done, value: sample } = await this.reading.samples.next();
    if (done === true) throw unreadable(this.name, new Error(`frame ${index} cannot be decoded`));
    this.reading.next++;
    const { width, height } = this;
    const canvas = new OffscreenCanvas(width, height);
    sample.draw(canvas.getContext("2d", { alpha: false }) as OffscreenCanvasRenderingContext2D, 0, 0, width, height);
    sample.close();
    return canvas.transferToImageBitmap();
  }
}

interface Found {
  readonly width: number;
  readonly height: number;
  readonly timesSec: readonly number[];
}

const METADATA = { metadataOnly: true } as const;

/** Pixels as stored, whatever their proportions, turned as the file says. */
async function firstSize(sink: VideoSampleSink, [first]: readonly number[]): Promise<Pick<Found, "width" | "height">> {
  const sample = first === undefined ? null : await sink.getSample(first);
  if (sample === null) throw new Error("it has no frames");
  const { width, height } = sample.visibleRect;
  const isTurned = sample.rotation % 180 !== 0;
  sample.close();
  return isTurned ? { width: height, height: width } : { width, height };
}

function unreadable(name: string, error: unknown): UserError {
  return new UserError(
    "video/unreadable",
    {
      what: `${name} cannot be read in this browser`,
      got: error instanceof Error ? error.message : String(error),
      todo: "try another browser, or the studio with its service: tsumugi studio FOLDER",
    },
    error,
  );
}
