/** @file Reads the state of a federation from its coordinator's folder. */
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { isThere } from "../core/files.ts";
import { checkJson, readJson } from "../formats/json.ts";
import { type Federation, FEDERATION_FORMAT, federationSchema } from "./federationFile.ts";

/** @throws UserError `federation/missing`, `service/data` for that of a newer version, `json/invalid` */
export async function readFederation(folder: string): Promise<Federation> {
  const path = join(folder, "federation.json");
  if (!(await isThere(path)))
    throw new UserError("federation/missing", {
      what: `${folder} holds no federation: there is no federation.json`,
      todo: `begin one: tsumugi federate serve --data ${folder}`,
    });
  const raw = await readJson(path, z.looseObject({ format: z.int() }), "federation");
  if (raw.format > FEDERATION_FORMAT)
    throw new UserError("service/data", {
      what: `${path} was written by a newer version of tsumugi`,
      got: `format ${raw.format}`,
      expected: `at most ${FEDERATION_FORMAT}`,
      todo: "use that version, or another folder with --data",
    });
  return checkJson(raw, federationSchema, `the federation ${path}`);
}
