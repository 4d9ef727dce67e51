/**
 * @file Labels of tools whose files are not read: recognised, so that the message can name the tool and what to export
 * instead. Definitions: VGG Image Annotator 2 and 3 (https://www.robots.ox.ac.uk/~vgg/software/via), Label Studio's short
 * JSON (https://labelstud.io/guide/export).
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
  layout: [".json", ".csv", ".txt", ".slp", ".h5", ".hdf5"],
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
      tool: "an HDF5 file that is neither DeepLabCut's nor SLEAP's analysis",
      todo: "give the HDF5 or CSV that DeepLabCut writes, or export SLEAP's analysis",
    };
  if (extension === ".json") return recogniseJson(await file.json());
  const text = await file.text().catch((error: unknown) => {
    // What is no text may still be told by its name; a file that is not there is not another tool's.
    if (extension === ".csv" || (error instanceof UserError && error.code === "file/missing")) throw error;
    return "";
  });
  return recogniseTable(text);
}

function recogniseJson(value: unknown): Recognised | undefined {
  const via = {
    tool: "a file of the VGG Image Annotator",
    todo: "export it as COCO (Annotation > Export Annotations (COCO format))",
  };
  if (hasKeys(value, "_via_img_metadata") || hasKeys(value, "_via_settings")) return via;
  const [first] = Object.values(typeof value === "object" && value !== null ? value : {}) as unknown[];
  if (!Array.isArray(value) && hasKeys(first, "filename", "regions")) return via;
  if (Array.isArray(value) && hasKeys(first, "video", "box"))
    return { tool: "an export of Label Studio in its short form (JSON-MIN)", todo: "export it as JSON" };
  return undefined;
}

/** A table of numbers without a header. */
function recogniseTable(text: string): Recognised | undefined {
  const [line = ""] = text.trimStart().split(/[\r\n]/u, 1);
  const numbers = line
    .trim()
    .split(/[\s,;]+/u)
    .map(Number);
  if (numbers.length < 4 || numbers.some((value) => !Number.isFinite(value))) return undefined;
  return { tool: "a table of numbers without a header", todo: OWN_TABLE };
}
