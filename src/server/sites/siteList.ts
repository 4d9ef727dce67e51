/** @file The sites of a service: folders of `tsumugi site`, each named by its id. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../core/errors.ts";
import { SiteFolder } from "../../site/siteFolder.ts";
import { newId } from "../ids.ts";

/** Sites in a folder. */
export class SiteList {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** A folder for a site that is made now; it is no site until it holds one. */
  fresh(): { readonly id: string; readonly folder: SiteFolder } {
    const id = newId();
    return { id, folder: this.at(id) };
  }

  /** All ids. */
  async all(): Promise<string[]> {
    const ids = (await readdir(this.root).catch(() => [])).filter((name) => /^[\w-]+$/u.test(name)).sort();
    const areSites = await Promise.all(ids.map((id) => this.at(id).exists()));
    return ids.filter((_, i) => areSites[i]);
  }

  /** @throws UserError `service/missing` */
  async site(id: string): Promise<SiteFolder> {
    const folder = this.at(id);
    if (/^[\w-]+$/u.test(id) && (await folder.exists())) return folder;
    throw new UserError("service/missing", { what: `there is no site ${id}`, todo: "list them at /api/sites" });
  }

  /** Deletes it with all that was learned and tracked. */
  async remove(id: string): Promise<void> {
    const folder = await this.site(id);
    // Without this file it is no site any more, whatever happens to the rest.
    await rm(folder.at("site.json"), { force: true });
    await rm(folder.root, { recursive: true, force: true });
  }

  private at(id: string): SiteFolder {
    return new SiteFolder(join(this.root, id));
  }
}
