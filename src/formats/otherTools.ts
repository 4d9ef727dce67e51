/**
 * @file Labels of tools whose files are not read: recognised, so that the message can name the tool and what to export
 * instead. Definitions: VGG Image Annotator 2 and 3 (https://www.robots.ox.ac.uk/~vgg/software/via), Label Studio
 * (https://labelstud.io/guide/export), MOTChallenge (https://motchallenge.net/instructions), YOLO
 * (https://docs.ultralytics.com/datasets/detect), Pascal VOC, CVAT (https://docs.cvat.ai/docs/manual/advanced/formats).
 */
import { extname } from "node:path";
import type { Annotations } from "../annotations/annotations.ts";
import { UserError } from "../core/errors.ts";
import { FileContents, hasKeys } from "./contents.ts";
import type { AnnotationFormat } from "./format.ts";
import type { ReadOptions } from "./json.ts";

/** What a file is, and how its labels can be given. */
interface Recognised {
  readonly tool: string;
  readonly todo: string;
}

const OWN_TABLE = "write a .csv with the header frame,name,x,y,width,height, frames and pixels counted from 0";

/** Reading always throws UserError `annotations/tool`. */
export const otherTools = {
  name: "other-tools",
  layout: [".json", ".csv", ".txt", ".xml", ".slp", ".h5", ".hdf5"],
  sniff: async (file: FileContents): Promise<boolean> => (await recognise(file)) !== undefined,
  async read(path: string, { encoding }: ReadOptions = {}): Promise<Annotations> {
    const { tool, todo } = (await recognise(new FileContents(path, encoding))) ?? {
      tool: "no file of another tool",
      todo: "",
    };
    throw new UserError("annotations/tool", { what: `${path} is ${tool}, which cannot be read`, todo });
  },
} satisfies AnnotationFormat<Annotations>;

async function recognise(file: FileContents): Promise<Recognised | undefined> {
  const extension = extname(file.path).toLowerCase();
  if (extension === ".slp") return { tool: "a project of SLEAP", todo: "export its analysis CSV" };
  if (extension === ".h5" || extension === ".hdf5")
    return {
      tool: "an HDF5 file",
      todo: "give the CSV that DeepLabCut writes beside it, or export SLEAP's analysis CSV",
    };
  if (extension === ".json") return recogniseJson(await file.json());
  const text = await file.text().catch((error: unknown) => {
    // What is no text may still be told by its name; a file that is not there is not another tool's.
    if (extension === ".csv" || (error instanceof UserError && error.code === "file/missing")) throw error;
    return "";
  });
  return extension === ".xml" ? recogniseXml(text) : recogniseTable(text);
}

function recogniseJson(value: unknown): Recognised | undefined {
  const via = {
    tool: "a file of the VGG Image Annotator",
    todo: "export it as COCO (Annotation > Export Annotations (COCO format))",
  };
  if (hasKeys(value, "_via_img_metadata") || hasKeys(value, "_via_settings")) return via;
  const [first] = Object.values(typeof value === "object" && value !== null ? value : {}) as unknown[];
  if (!Array.isArray(value) && hasKeys(first, "filename", "regions")) return via;
  const labelStudio = { tool: "an export of Label Studio", todo: `export images as COCO; for videos, ${OWN_TABLE}` };
  if (hasKeys(first, "data", "annotations") || hasKeys(first, "data", "predictions")) return labelStudio;
  return Array.isArray(value) && hasKeys(first, "video", "box") ? labelStudio : undefined;
}

function recogniseXml(text: string): Recognised | undefined {
  if (/<annotations>[^]*<(?:meta|version|track|image)\b/u.test(text))
    return { tool: "an export of CVAT", todo: "export it as COCO 1.0, or masks as Segmentation mask 1.1" };
  if (/<annotation\b[^]*<bndbox\b/u.test(text)) return { tool: "a Pascal VOC file", todo: OWN_TABLE };
  return undefined;
}

/** Tables of numbers without a header: how many columns they have, and of what range, tells what they are. */
function recogniseTable(text: string): Recognised | undefined {
  const [line = ""] = text.trimStart().split(/[\r\n]/u, 1);
  const values = line.trim().split(/[\s,;]+/u);
  const numbers = values.map(Number);
  if (values.length < 4 || numbers.some((value) => !Number.isFinite(value))) return undefined;
  const relative = numbers.slice(1).every((value) => value >= 0 && value <= 1) && Number.isInteger(numbers[0]);
  if (values.length >= 5 && relative)
    return { tool: "a label file of YOLO, with classes and shares of the frame", todo: OWN_TABLE };
  if (values.length >= 6 && Number.isInteger(numbers[0]) && numbers[0] >= 1)
    return { tool: "a table of MOTChallenge, with frames and pixels counted from 1", todo: OWN_TABLE };
  return { tool: "a table of numbers without a header", todo: OWN_TABLE };
}
