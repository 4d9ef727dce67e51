/** @file Footage for the tests, made here: textured squares that move over a textured ground. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";

/** A fresh folder. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "tsumugi-test-"));
}

/** Writes an image folder of `count` frames and returns it; the square moves a pixel a frame, or stays. */
export async function makeImageFolder(
  parent: string,
  name: string,
  count: number,
  { size = 48, moving = true } = {},
): Promise<string> {
  const folder = join(parent, name);
  await mkdir(folder, { recursive: true });
  for (let frame = 0; frame < count; frame++)
    await writeFile(join(folder, `${String(frame).padStart(5, "0")}.png`), await pngOf(size, moving ? frame : 0));
  return folder;
}

/** Frames that were made before, by size and place of the square: many tests make the same clips. */
const made = new Map<string, Promise<Buffer>>();

function pngOf(size: number, t: number): Promise<Buffer> {
  const key = `${size} ${t}`;
  const png = made.get(key) ?? picture(size, t);
  made.set(key, png);
  return png;
}

/** The picture with the square moved by t pixels. */
function picture(size: number, t: number): Promise<Buffer> {
  const data = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = Math.abs(x - 14 - t) < 9 && Math.abs(y - 24) < 9;
      const at = (y * size + x) * 3;
      data[at] = inside ? 200 - ((x - t) % 5) * 20 : 60 + ((x * 7 + y * 3) % 23);
      data[at + 1] = inside ? 40 : 110 + ((x * 5 + y * 11) % 31);
      data[at + 2] = inside ? 60 + (y % 4) * 30 : 90;
    }
  }
  return sharp(data, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}
