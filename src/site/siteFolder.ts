/** @file The folder of a site: where everything lies, one writer at a time, files whole or not at all. */
import type { z } from "zod";
import { DataFolder } from "../core/dataFolder.ts";
import { UserError } from "../core/errors.ts";
import { isThere } from "../core/files.ts";
import { commandLine } from "../core/shell.ts";
import { readVersioned } from "../formats/json.ts";
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
    if (!(await this.exists()))
      throw new UserError("site/missing", {
        what: `${this.root} holds no site: there is no site.json`,
        todo: `make one: ${commandLine(["tsumugi", "site", "init", this.root])} --footage DIR`,
      });
    return this.readFormat(["site.json"], siteSchema, SITE_FORMAT);
  }

  /**
   * Reads a file whose layout has a version.
   * @param format the newest that is known @throws UserError `site/newer`, `json/invalid`
   */
  readFormat<Schema extends z.ZodType>(
    names: readonly string[],
    schema: Schema,
    format: number,
  ): Promise<z.output<Schema>> {
    const newer = { code: "site/newer", todo: "update tsumugi, or make a new site" } as const;
    return readVersioned({ path: this.at(...names), schema, what: "site", format, newer });
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
