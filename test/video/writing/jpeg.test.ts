import sharp from "sharp";
import { expect, test } from "vitest";
import { encodeJpeg } from "../../../src/video/writing/jpeg.ts";

const picture = {
  width: 16,
  height: 8,
  data: Uint8Array.from({ length: 384 }, (_, i) => [200, 40, 40, 40, 40, 200][i % 6]),
};

test.each(["4:2:0", "4:4:4"] as const)("a JPEG of the picture's size with colours at %s", async (chroma) => {
  const bytes = await encodeJpeg(picture, chroma);
  expect(await sharp(bytes).metadata()).toMatchObject({
    format: "jpeg",
    width: 16,
    height: 8,
    chromaSubsampling: chroma,
  });
});

/** Of the first pixel, when it is read again. */
async function redOf(chroma: "4:2:0" | "4:4:4"): Promise<number> {
  return (
    await sharp(await encodeJpeg(picture, chroma))
      .raw()
      .toBuffer()
  )[0];
}

test("colours at full size keep what changes from pixel to pixel; at half size they run together", async () => {
  const sharpRed = await redOf("4:4:4");
  expect(Math.abs(sharpRed - 200)).toBeLessThan(30);
  expect(await redOf("4:2:0")).toBeLessThan(sharpRed - 30);
});
