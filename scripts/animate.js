/**
 * @file Turns a video into a looping WebP for the documentation: `node scripts/animate.js OUT.webp VIDEO [FPS]`. Needs
 * `npm run build`. The last frame is held for 1.2 s.
 */
import sharp from "sharp";
import { openFrameSource } from "../dist/index.js";

const [out, path, fps = "12"] = process.argv.slice(2);
if (out === undefined || path === undefined || !(Number(fps) > 0)) {
  process.stderr.write("usage: node scripts/animate.js OUT.webp VIDEO [FPS]\n");
  process.exit(2);
}
const source = await openFrameSource(path);
const pictures = [];
for await (const { data, width, height } of source.frames())
  pictures.push(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
const delay = pictures.map((_, i) => (i === pictures.length - 1 ? 1200 : Math.round(1000 / Number(fps))));
await sharp(pictures, { join: { animated: true } })
  .webp({ quality: 72, effort: 5, delay, loop: 0 })
  .toFile(out);
await source.close();
