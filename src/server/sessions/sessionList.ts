/**
 * @file The sessions of a service: each is a folder of `tsumugi track` for one clip, and a file that says which clip and with
 * which settings.
 */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { isThere, writeFileAtomic } from "../../core/files.ts";
import { readJson } from "../../formats/json.ts";
import { newId } from "../ids.ts";

const sessionSchema = z.object({
  id: z.string(),
  clip: z.string(),
  name: z.string(),
  /** ms since 1970. */
  created: z.number(),
  /** Keys of a track task. */
  settings: z.record(z.string(), z.unknown()),
});
export type ServiceSession = z.output<typeof sessionSchema>;

/** Sessions in a folder. */
export class SessionList {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async add(given: Pick<ServiceSession, "clip" | "name" | "settings">): Promise<ServiceSession> {
    const session = { id: newId(), created: Date.now(), ...given };
    await writeFileAtomic(this.file(session.id), `${JSON.stringify(session, undefined, 1)}\n`);
    return session;
  }

  /** The newest first. */
  async all(clip?: string): Promise<ServiceSession[]> {
    const names = (await readdir(this.root).catch(() => [])).filter((name) => name.endsWith(".json"));
    const sessions = await Promise.all(names.map((name) => readJson(join(this.root, name), sessionSchema, "session")));
    return sessions.filter((one) => clip === undefined || one.clip === clip).sort((a, b) => b.created - a.created);
  }

  /** @throws UserError `service/missing` */
  async session(id: string): Promise<ServiceSession> {
    if (/^[\w-]+$/u.test(id) && (await isThere(this.file(id))))
      return readJson(this.file(id), sessionSchema, "session");
    throw new UserError("service/missing", { what: `there is no session ${id}`, todo: "list them at /api/sessions" });
  }

  /** Of its results, which need not be there yet. */
  folder(id: string): string {
    return join(this.root, id);
  }

  /** Deletes it with all results. */
  async remove(id: string): Promise<void> {
    await rm(this.file(id), { force: true });
    await rm(this.folder(id), { recursive: true, force: true });
  }

  private file(id: string): string {
    return join(this.root, `${id}.json`);
  }
}
