/** @file The folder of a site: where everything lies, one writer at a time, files whole or not at all. */
import { z } from "zod";
import { DataFolder } from "../core/dataFolder.ts";
import { UserError } from "../core/errors.ts";
import { isThere } from "../core/files.ts";
import { commandLine } from "../core/shell.ts";
import { checkJson, readJson } from "../formats/json.ts";
import { appendEvent, readEvents, type SiteEvent } from "./history.ts";
import { SITE_FORMAT, type Site, siteSchema } from "./siteFile.ts";

/** Paths, and reading and writing of `site.json` and `history.jsonl`. */
export class SiteFolder extends DataFolder {
  constructor(root: string) {
    super(root, "site.lock");
  }

  /** Whether the folder holds a site. */
  exists(): Promise<boolean> {
    return isThere(this.at("site.json"));
  }

  /** @throws UserError `site/missing`, `site/newer`, `json/invalid` */
  async read(): Promise<Site> {
    const path = this.at("site.json");
    if (!(await this.exists()))
      throw new UserError("site/missing", {
        what: `${this.root} holds no site: there is no site.json`,
        todo: `make one: ${commandLine(["tsumugi", "site", "init", this.root])} --footage DIR`,
      });
    const raw = await readJson(path, z.looseObject({ format: z.int() }), "site");
    if (raw.format > SITE_FORMAT)
      throw new UserError("site/newer", {
        what: `${path} was written by a newer version of tsumugi`,
        got: `format ${raw.format}`,
        expected: `at most ${SITE_FORMAT}`,
        todo: "update tsumugi, or make a new site",
      });
    return checkJson(raw, siteSchema, `the site ${path}`);
  }

  write(site: Site): Promise<void> {
    return this.writeJson(["site.json"], site);
  }

  /** Notes something that happened. */
  note(what: string, more: Readonly<Record<string, unknown>>): Promise<void> {
    return appendEvent(this.at("history.jsonl"), what, more);
  }

  history(): Promise<SiteEvent[]> {
    return readEvents(this.at("history.jsonl"));
  }
}
