/**
 * @file Puts pictures side by side for the documentation: `node scripts/joinPictures.js OUT.jpg PICTURE…`. All are
 * scaled to the height of the lowest one, keeping their proportions.
 */
import sharp from "sharp";

const [out, ...paths] = process.argv.slice(2);
if (out === undefined || paths.length === 0) {
  process.stderr.write("usage: node scripts/joinPictures.js OUT.jpg PICTURE…\n");
  process.exit(2);
}
/** Pixels between two pictures. */
const GAP = 6;
const heights = await Promise.all(paths.map(async (path) => (await sharp(path).metadata()).height));
const height = Math.min(...heights);
const parts = await Promise.all(
  paths.map((path) => sharp(path).resize({ height }).toBuffer({ resolveWithObject: true })),
);
const lefts = parts.map((_, i) => parts.slice(0, i).reduce((x, { info }) => x + info.width + GAP, 0));
const width = lefts[lefts.length - 1] + parts[parts.length - 1].info.width;
await sharp({ create: { width, height, channels: 3, background: "white" } })
  .composite(parts.map(({ data }, i) => ({ input: data, left: lefts[i], top: 0 })))
  .jpeg({ quality: 82, mozjpeg: true })
  .toFile(out);
