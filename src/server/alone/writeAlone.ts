/** @file The page that tracks in the browser alone, as a folder that any web server can serve. */
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../../core/errors.ts";
import { makeFolders, writeFileAtomic } from "../../core/files.ts";
import { versionsInUse } from "../../core/versions.ts";
import { builtScript } from "../../core/workerCalls.ts";
import { DEFAULT_WEIGHTS } from "../../method/node/weightsFile.ts";

/** Where the build puts the page, and the kernels that it fetches. */
const PAGES = fileURLToPath(builtScript("../../alone/", import.meta.url));
const KERNELS = fileURLToPath(builtScript("../../kernels/", import.meta.url));

/** Says that a folder was made here, and with which version; such a folder is written again. */
const MARK = "tsumugi.json";

/**
 * Writes the page with all that it fetches: about 20 MB.
 * @param folder new, empty, or written by this function before.
 * @throws UserError `service/static`, `service/studio` where the package lacks the page, `file/write`
 */
export async function writeAlone(folder: string): Promise<void> {
  await requireOwn(folder);
  await makeFolders(join(folder, "kernels", "host"));
  try {
    await cp(PAGES, folder, { recursive: true });
    await copyKernels(folder);
    await cp(DEFAULT_WEIGHTS, join(folder, "weights", "default.safetensors"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(
      "service/studio",
      { what: "the page is not beside the program", todo: "in the source code run npm run build" },
      error,
    );
  }
  const { tsumugi } = await versionsInUse();
  await writeFileAtomic(join(folder, MARK), `${JSON.stringify({ page: "studio --static", version: tsumugi })}\n`);
}

/** The kernels, and the scripts of their threads. */
async function copyKernels(folder: string): Promise<void> {
  const kernels = (await readdir(KERNELS)).filter((name) => name.endsWith(".wasm"));
  const scripts = (await readdir(join(KERNELS, "host"))).filter((name) => name.endsWith(".js"));
  for (const name of [...kernels, ...scripts.map((script) => join("host", script))])
    await cp(join(KERNELS, name), join(folder, "kernels", name));
}

/** Nothing of anybody else is written over. @throws UserError `service/static` */
async function requireOwn(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new UserError("service/static", { what: `${folder} cannot be used: ${error.message}` }, error);
  });
  if (there.length === 0) return;
  const mark = await readFile(join(folder, MARK), "utf8").catch(() => "");
  if (mark.includes("studio --static")) return;
  throw new UserError("service/static", {
    what: `${folder} holds something else`,
    got: there.slice(0, 3).join(", "),
    expected: "a new or empty folder, or one that --static wrote before",
  });
}
