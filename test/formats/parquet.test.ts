/** @file Tables of points and boxes as Parquet. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { parquetMetadata, parquetSchema } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flatBoxes, flatPoints } from "./flat.ts";
import { Workplace } from "./written.ts";

let place: Workplace;
beforeAll(async () => {
  place = await Workplace.make();
});
afterAll(() => place[Symbol.asyncDispose]());

const table = (columnData: ColumnSource[], options: object = {}): Uint8Array =>
  new Uint8Array(parquetWriteBuffer({ columnData, ...options }));

const POINTS: ColumnSource[] = [
  { name: "Frame", data: [0n, 2n], type: "INT64" },
  { name: "id", data: [7, 7], type: "INT32" },
  { name: "x", data: [1.5, 2.5], type: "FLOAT" },
  { name: "y", data: [3, 4], type: "DOUBLE" },
  { name: "visible", data: [1, 0], type: "INT32" },
  { name: "comment", data: ["a", "b"], type: "STRING" },
];

const SEEN = [
  { frame: 0, name: "7", x: 1.5, y: 3, visible: true },
  { frame: 2, name: "7", x: 2.5, y: 4, visible: false },
];

describe("tables of other programs", () => {
  it("may name columns as our CSV does, with numbers of any type", async () => {
    await place.write("other.parquet", table(POINTS));
    const read = await place.read("other.parquet");
    expect(read.format).toBe("parquet");
    expect(flatPoints(read)).toEqual(SEEN);
  });

  it("are read compressed by GZIP, too", async () => {
    const compressors = { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) };
    await place.write("gzip.parquet", table(POINTS, { codec: "GZIP", compressors }));
    expect(flatPoints(await place.read("gzip.parquet"))).toEqual(SEEN);
  });

  it("with the middle and the box of a thing are tables of boxes", async () => {
    const columns = { frame: 0, object: "car", x_px: 9, y_px: 8, box_x_px: 5, box_y_px: 6, box_width_px: 8 };
    const data = Object.entries({ ...columns, box_height_px: 4 }).map(([name, value]) => ({ name, data: [value] }));
    await place.write("tracks.parquet", table(data));
    expect(flatBoxes(await place.read("tracks.parquet"))).toEqual([
      { frame: 0, name: "car", x: 5, y: 6, width: 8, height: 4 },
    ]);
  });

  it.each([
    ["a column less", POINTS.slice(1), "format/parquet", /lacks the column frame: got id, x, y, visible, comment/],
    ["a frame below 0", [{ name: "frame", data: [0, -1] }, ...POINTS.slice(1)], "format/limit", /row 2: the frame/],
    ["text for a number", [...POINTS.slice(0, 3), { name: "y", data: ["1", "2"] }], "format/value", /row 1, column y/],
    ["no name", [{ name: "name", data: ["", "a"] }, ...POINTS], "format/value", /row 1, column name: got ""/],
    ["no row", POINTS.map((column) => ({ ...column, data: [] })), "points/empty", /no point and no box/],
  ])("with %s are refused", async (_, columns, code, message) => {
    await place.write("wrong.parquet", table(columns));
    await expect(place.read("wrong.parquet")).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it("that are damaged are refused, and never read as something else", async () => {
    const bytes = table(POINTS);
    for (const end of [0, 3, 11, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
      await place.write("cut.parquet", bytes.subarray(0, end));
      await expect(place.read("cut.parquet")).rejects.toMatchObject({ code: "format/parquet" });
    }
    await place.write("text.parquet", "frame,name,x,y\n0,a,1,1\n");
    await expect(place.read("text.parquet")).rejects.toMatchObject({ code: "format/parquet" });
  });
});

describe("written", () => {
  it("have types and units in their schema, and come back", async () => {
    const objects = [{ name: "car", class: "vehicle" }, { name: "nose" }];
    const box = { name: "car", x: 1.25, y: 2, width: 30, height: 10.5, confidence: 0.75 };
    const nose = { name: "nose", x: 4, y: 5, visible: false };
    const frames = [
      { frame: 0, timeSec: 0.5, boxes: [box] },
      { frame: 3, points: [nose] },
    ];
    expect(await place.convert("parquet", "out.parquet", { objects, frames })).toEqual([]);
    const { objects: again, frames: read } = await place.read("out.parquet");
    expect(again).toEqual([{ name: "nose" }, { name: "car", class: "vehicle" }]);
    expect(read).toEqual([
      { frame: 0, timeSec: 0.5, boxes: [box] },
      { frame: 3, points: [nose] },
    ]);
    const metadata = parquetMetadata((await readFile(place.at("out.parquet"))).buffer);
    expect(parquetSchema(metadata).children.map(({ element: { name, type } }) => `${name} ${type}`)).toEqual([
      "frame INT32",
      "time_s DOUBLE",
      "name BYTE_ARRAY",
      "class BYTE_ARRAY",
      "visible BOOLEAN",
      "confidence DOUBLE",
      "x_px DOUBLE",
      "y_px DOUBLE",
      "width_px DOUBLE",
      "height_px DOUBLE",
    ]);
    const units = metadata.key_value_metadata?.find(({ key }) => key === "units")?.value ?? "{}";
    expect(JSON.parse(units)).toMatchObject({ time_s: "seconds on the clip's clock" });
  });
});
