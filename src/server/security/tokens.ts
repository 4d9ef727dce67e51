/**
 * @file Tokens: who may use a service that other machines can reach. A token is shown once, when it is made; the file
 * keeps only a hash of it (scrypt, RFC 7914), so that who reads the file cannot use the service.
 */
import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { chmod, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { UserError } from "../../core/errors.ts";
import { writeFileAtomic } from "../../core/files.ts";
import { SCOPES } from "../../tasks/choices.ts";
import { checkJson, parseJson } from "../../formats/json.ts";

/**
 * What a token allows: to read everything; to write labels; to upload, to run jobs and to delete; to take part in
 * learning.
 */
export type Scope = (typeof SCOPES)[number];

const storedSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** ms since 1970. */
  created: z.number(),
  /** ms since 1970; null: it does not expire. */
  expires: z.number().nullable().default(null),
  /** Base64url. */
  salt: z.string(),
  hash: z.string(),
});
type StoredToken = z.output<typeof storedSchema>;

/** A token without what proves it. */
export type KnownToken = Omit<StoredToken, "salt" | "hash">;

const derive = promisify<string, Uint8Array, number, Buffer>(scrypt);
const HASH_BYTES = 32;
const DAY = 24 * 3600 * 1000;
/** `tsu_ID_SECRET`: 8 and 32 random bytes in hexadecimal. */
const FORM = /^tsu_(?<id>[0-9a-f]{16})_[0-9a-f]{64}$/u;
/** Tokens that were found right, so that scrypt, slow on purpose, is not run for every frame. */
const MOST_REMEMBERED = 1000;

/** The tokens of a service's folder. */
export class TokenFile {
  private readonly path: string;
  private read: { readonly at: number; readonly tokens: readonly StoredToken[] } = { at: -1, tokens: [] };
  private remembered = new Map<string, string>();

  /** @param data the service's folder. */
  constructor(data: string) {
    this.path = join(data, "tokens.json");
  }

  /**
   * @param days after which it expires; default: never.
   * @returns the token, which is not kept anywhere. @throws UserError `service/invalid`, `file/write`
   */
  async create(name: string, scopes: readonly Scope[], days?: number): Promise<string> {
    const tokens = await this.tokens();
    if (tokens.some((token) => token.name === name))
      throw new UserError("service/invalid", { what: `there is a token called ${name}`, todo: "choose another name" });
    const id = randomBytes(8).toString("hex");
    const token = `tsu_${id}_${randomBytes(32).toString("hex")}`;
    const salt = randomBytes(16);
    const hash = (await derive(token, salt, HASH_BYTES)).toString("base64url");
    const created = Date.now();
    const expires = days === undefined ? null : created + days * DAY;
    const stored = { id, name, scopes: [...scopes], created, expires, salt: salt.toString("base64url"), hash };
    await this.write([...tokens, stored]);
    return token;
  }

  /** @throws UserError `json/invalid` */
  async list(): Promise<KnownToken[]> {
    return (await this.tokens()).map(({ salt: _salt, hash: _hash, ...known }) => known);
  }

  /** @throws UserError `service/missing`, `file/write` */
  async revoke(name: string): Promise<void> {
    const tokens = await this.tokens();
    const others = tokens.filter((token) => token.name !== name);
    if (others.length === tokens.length) throw new UserError("service/missing", { what: `there is no token ${name}` });
    await this.write(others);
  }

  /**
   * The token that this text is; undefined for any other text.
   * @throws UserError `service/token` when it has expired
   */
  async verify(text: string): Promise<KnownToken | undefined> {
    const tokens = await this.tokens();
    const stored = tokens.find(({ id }) => id === FORM.exec(text)?.groups?.["id"]);
    if (stored === undefined) return undefined;
    const digest = createHash("sha256").update(text).digest("base64");
    if (this.remembered.get(digest) !== stored.hash) {
      const hash = await derive(text, Buffer.from(stored.salt, "base64url"), HASH_BYTES);
      if (!timingSafeEqual(hash, Buffer.from(stored.hash, "base64url"))) return undefined;
      if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(digest, stored.hash);
    }
    if (stored.expires !== null && stored.expires <= Date.now()) throw expired(stored.name, stored.expires);
    return stored;
  }

  /** As the file says now: another process may have changed it. */
  private async tokens(): Promise<readonly StoredToken[]> {
    const info = await stat(this.path).catch(() => undefined);
    if (info === undefined) return [];
    if (info.mtimeMs !== this.read.at) {
      const value = parseJson(await readFile(this.path, "utf8"), this.path);
      this.read = { at: info.mtimeMs, tokens: checkJson(value, z.array(storedSchema), this.path) };
    }
    return this.read.tokens;
  }

  private async write(tokens: readonly StoredToken[]): Promise<void> {
    await writeFileAtomic(this.path, `${JSON.stringify(tokens, undefined, 1)}\n`);
    await chmod(this.path, 0o600);
  }
}

function expired(name: string, at: number): UserError {
  return new UserError("service/token", {
    what: `the token ${name} has expired`,
    got: `valid until ${new Date(at).toISOString()}`,
    todo: "ask who runs the service for a new one (tsumugi token create)",
  });
}
