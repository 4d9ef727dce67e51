/** @file Reads the state of a federation from its coordinator's folder. */
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { isThere } from "../core/files.ts";
import { readVersioned } from "../formats/json.ts";
import { type Federation, FEDERATION_FORMAT, federationSchema } from "./federationFile.ts";

/** @throws UserError `federation/missing`, `service/data` for that of a newer version, `json/invalid` */
export async function readFederation(folder: string): Promise<Federation> {
  const path = join(folder, "federation.json");
  if (!(await isThere(path)))
    throw new UserError("federation/missing", {
      what: `${folder} holds no federation: there is no federation.json`,
      todo: `begin one: tsumugi federate serve --data ${folder}`,
    });
  const newer = { code: "service/data", todo: "use that version, or another folder with --data" } as const;
  return readVersioned({ path, schema: federationSchema, what: "federation", format: FEDERATION_FORMAT, newer });
}
