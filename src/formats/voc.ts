/**
 * @file Pascal VOC's boxes (http://host.robots.ox.ac.uk/pascal/VOC, the development kit's annotations), an XML file for each
 * picture, also as a folder of them or with them in `Annotations/`. Pixels count from 1 and a box includes its last ones:
 * ours is x = xmin − 1, width = xmax − xmin + 1, as Detectron2 reads it. `occluded` says that a thing is partly covered.
 */
import { join } from "node:path";
import type { Annotations, AnnotationStream } from "../annotations/annotations.ts";
import type { BoxAnnotation } from "../annotations/box.ts";
import type { FrameAnnotation } from "../annotations/frameAnnotation.ts";
import type { FrameSize } from "../annotations/point.ts";
import { UserError } from "../core/errors.ts";
import { isFolder, writeFileAtomic } from "../core/files.ts";
import type { FileContents } from "./contents.ts";
import { filesIn, foldersIn } from "./folder.ts";
import type { AnnotationFormat } from "./format.ts";
import { frameName } from "./frameName.ts";
import { type Instance, instancesOf, ObjectNumbers, visibleBox } from "./instances.ts";
import { type ReadOptions, readText } from "./json.ts";
import { commonSize, requirePictureSize } from "./limits.ts";
import { type Holdings, HOLDS_NOTHING } from "./losses.ts";
import { objectNames, warnOfOrder } from "./objectNames.ts";
import { objectsIn, pictureFrame } from "./pictureFrame.ts";
import { requireOnce } from "./pointEntries.ts";
import { usable } from "./usable.ts";
import { childrenOf, escapeXml, readXml, textAt, type XmlElement } from "./xml.ts";

const HOLDS: Holdings = { ...HOLDS_NOTHING, boxes: true, classes: true, occluded: true };

const isVoc = (text: string): boolean => /<annotation[\s>]/u.test(text);

/** Reading throws UserError `xml/invalid`, `points/empty`. */
export const voc = {
  name: "voc",
  layout: [".xml"],
  folder: true,
  async sniff(file: FileContents): Promise<boolean> {
    if (!file.isFolder) return isVoc(await file.text());
    const folder = await annotationsFolder(file.path);
    const [first] = await filesIn(folder, ".xml");
    return first !== undefined && isVoc(await readText(join(folder, first), "Pascal VOC file"));
  },
  read: readVoc,
  holds: HOLDS,
  write: writeVoc,
} satisfies AnnotationFormat<Annotations>;

async function annotationsFolder(path: string): Promise<string> {
  return (await foldersIn(path)).includes("Annotations") ? join(path, "Annotations") : path;
}

interface Picture {
  readonly path: string;
  readonly image: string;
  readonly root: XmlElement;
  readonly size: FrameSize | undefined;
}

async function filesBelow(folder: string): Promise<string[]> {
  return (await filesIn(folder, ".xml")).map((name) => join(folder, name));
}

async function readVoc(path: string, options: ReadOptions = {}): Promise<Annotations> {
  const files = (await isFolder(path)) ? await filesBelow(await annotationsFolder(path)) : [path];
  const pictures: Picture[] = [];
  for (const file of files) pictures.push(await readPicture(file, options));
  const things = pictures.flatMap(({ path: file, image, root }) =>
    childrenOf(root, "object").map((element) => ({
      file,
      picture: image,
      kind: textAt(element, "name") ?? "",
      element,
    })),
  );
  if (things.length === 0)
    throw new UserError("points/empty", { what: `${path} has no object`, expected: "an object with a bndbox" });
  const { names, isByOrder } = objectNames(things);
  if (isByOrder) warnOfOrder(path, options.logger);
  const images = [...new Set(things.map(({ picture }) => picture))];
  const frames = images.map((image): FrameAnnotation => {
    const boxes = things.flatMap(({ picture, element }, i) => (picture === image ? [boxOf(element, names[i])] : []));
    return { ...pictureFrame(image), boxes };
  });
  const size = commonSize(
    pictures.map((picture) => picture.size ?? {}),
    path,
  );
  const objects = objectsIn(frames, new Map(names.map((name, i) => [name, things[i].kind])));
  const annotations = usable({ ...(size && { size }), objects, frames }, path, options.logger);
  requireOnce(annotations, path);
  return annotations;
}

async function readPicture(path: string, options: ReadOptions): Promise<Picture> {
  const root = await readXml(path, "Pascal VOC file", options);
  if (root.name !== "annotation")
    throw new UserError("xml/invalid", {
      what: `${path} is no Pascal VOC file`,
      got: `<${root.name}>`,
      expected: "<annotation>",
    });
  const [width, height] = ["width", "height"].map((side) => Number(textAt(root, "size", side) ?? Number.NaN));
  // Some tools write 0 where they do not know it.
  const size = width > 0 && height > 0 ? requirePictureSize({ width, height }, path) : undefined;
  const name = textAt(root, "filename");
  return { path, image: name === undefined || name === "" ? path : name, root, size };
}

function boxOf(element: XmlElement, name: string): BoxAnnotation {
  const [left, top, right, bottom] = ["xmin", "ymin", "xmax", "ymax"].map((side) => {
    const text = textAt(element, "bndbox", side) ?? "";
    return text === "" ? Number.NaN : Number(text);
  });
  const occluded = textAt(element, "occluded") === "1" && { occluded: true };
  return { name, x: left - 1, y: top - 1, width: right - left + 1, height: bottom - top + 1, ...occluded };
}

/** A file for each frame. @throws UserError `file/write`, `format/name` */
async function writeVoc(path: string, stream: AnnotationStream): Promise<void> {
  const numbers = new ObjectNumbers(stream.objects);
  for await (const frame of stream.frames) {
    const name = frameName(frame);
    const objects = instancesOf(frame, numbers).flatMap(objectElement);
    const { width = 0, height = 0 } = stream.size ?? frame.mask ?? {};
    const size = `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
    const lines = [`<filename>${escapeXml(name)}.png</filename>`, size, "<segmented>0</segmented>", ...objects];
    await writeFileAtomic(join(path, `${name}.xml`), `<annotation>\n${lines.join("\n")}\n</annotation>\n`);
  }
}

function objectElement(instance: Instance): string[] {
  const box = visibleBox(instance);
  if (box === undefined) return [];
  const sides = { xmin: box.x + 1, ymin: box.y + 1, xmax: box.x + box.width, ymax: box.y + box.height };
  const places = Object.entries(sides).map(([side, value]) => `<${side}>${Number(value.toFixed(3))}</${side}>`);
  const occluded = box.occluded ? "<occluded>1</occluded>" : "";
  const rest = `<pose>Unspecified</pose><truncated>0</truncated><difficult>0</difficult>${occluded}`;
  return [
    `<object><name>${escapeXml(instance.object.class)}</name>${rest}<bndbox>${places.join("")}</bndbox></object>`,
  ];
}
