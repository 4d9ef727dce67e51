/** @file Files that a test writes by hand from a format's definition and reads with any format. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Annotations, AnnotationStream } from "../../src/annotations/annotations.ts";
import type { FrameAnnotation } from "../../src/annotations/frameAnnotation.ts";
import { filled } from "../../src/annotations/region.ts";
import { HOLDS_NOTHING, Losses } from "../../src/formats/losses.ts";
import { formatNamed, formatOf, formats } from "../../src/formats/registry.ts";

/** A folder of a test file. */
export class Workplace implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(): Promise<Workplace> {
    return new Workplace(await mkdtemp(join(tmpdir(), "written-")));
  }

  at(...names: string[]): string {
    return join(this.root, ...names);
  }

  async write(name: string, text: string | object | Uint8Array): Promise<string> {
    const path = this.at(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof text === "string" || text instanceof Uint8Array ? text : JSON.stringify(text));
    return path;
  }

  /** Read as the format that the contents tell, with what was said about it. */
  async read(name: string, sequence?: string): Promise<Annotations & { format: string; said: readonly string[] }> {
    const said: string[] = [];
    const tell = (line: string) => void said.push(line.replaceAll(`${this.root}/`, ""));
    const logger = { info: tell, warn: tell, progress() {} };
    const format = await formatOf(this.at(name), formats);
    const stream = await format!.read!(this.at(name), { logger, ...(sequence !== undefined && { sequence }) });
    return { ...(await collected(stream)), format: format!.name, said };
  }

  /** Writes annotations, and returns what was lost. */
  async convert(
    format: string,
    name: string,
    given: AnnotationStream,
    options: object = {},
  ): Promise<readonly string[]> {
    const { write, holds = HOLDS_NOTHING } = formatNamed(format);
    const losses = new Losses(format, holds);
    await write!(this.at(name), { ...given, frames: losses.watch(given) }, { losses, ...options });
    return losses.lines;
  }

  text(...names: string[]): Promise<string> {
    return readFile(this.at(...names), "utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true });
  }
}

async function collected(stream: AnnotationStream): Promise<Annotations> {
  const frames: FrameAnnotation[] = [];
  for await (const frame of stream.frames) frames.push(frame);
  return { ...stream, frames };
}

/** The pixels of a frame's first outline, as rows of dots and hashes. */
export function drawn(
  { polygons = [] }: FrameAnnotation,
  size: { readonly width: number; readonly height: number },
  which = 0,
): string[] {
  const region = filled(polygons[which].rings, size);
  return Array.from({ length: size.height }, (_, y) =>
    Array.from({ length: size.width }, (_, x) => {
      const [column, row] = [x - (region?.x ?? 0), y - (region?.y ?? 0)];
      const isIn = region !== undefined && column >= 0 && row >= 0 && column < region.width && row < region.height;
      return isIn && region.data[row * region.width + column] === 1 ? "#" : ".";
    }).join(""),
  );
}
