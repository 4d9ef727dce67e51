/** @file The service's SQLite file: opened, brought up to date, or refused when a newer version wrote it. */
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "../../core/errors.ts";

type Row = Readonly<Record<string, unknown>>;

/** What is used of libsql. */
export interface Database {
  prepare(sql: string): {
    run(...values: readonly unknown[]): { readonly changes: number };
    all(...values: readonly unknown[]): Row[];
  };
  exec(sql: string): unknown;
  close(): void;
}

/** How long a process waits for another one that is writing, ms. */
const PATIENCE = 10_000;

/** Each brings the database from one version to the next; the first makes it. */
const MIGRATIONS = [
  `create table jobs (
     seq integer primary key autoincrement, id text not null unique, name text not null, asked text not null,
     work text not null, session text, clips text not null, priority integer not null, retries integer not null,
     key text, owner text not null, state text not null, created integer not null, started integer, ended integer,
     not_before integer not null, failures integer not null default 0, attempts integer not null default 0,
     worker text, lease integer, cancel integer not null default 0, progress text, error text,
     unique (owner, key));
   create index jobs_due on jobs (state, priority desc, seq);
   create table events (
     id integer primary key autoincrement, job text not null, time integer not null, kind text not null, data text not null);
   create index events_of_job on events (job, id);`,
];

/** @throws UserError `service/packages`, `service/data` */
export function openDatabase(path: string): Database {
  mkdirSync(dirname(path), { recursive: true });
  const database = loaded(path);
  database.exec(`pragma busy_timeout = ${PATIENCE}`);
  database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = normal");
  transaction(database, () => migrate(database, path));
  return database;
}

function loaded(path: string): Database {
  try {
    const Library = createRequire(import.meta.url)("libsql") as new (path: string, options: object) => Database;
    return new Library(path, { timeout: PATIENCE / 1000 });
  } catch (error) {
    throw new UserError(
      "service/packages",
      {
        what: `the queue of jobs cannot be opened: ${messageOf(error).split("\n")[0]}`,
        todo: "install its database with: npm install libsql",
      },
      error,
    );
  }
}

function migrate(database: Database, path: string): void {
  const version = Number(database.prepare("pragma user_version").all()[0]["user_version"]);
  if (version > MIGRATIONS.length)
    throw new UserError("service/data", {
      what: `${path} was written by a newer version of tsumugi`,
      got: `version ${version}`,
      expected: `at most ${MIGRATIONS.length}`,
      todo: "use that version, or another folder with --data",
    });
  if (version === MIGRATIONS.length) return;
  for (const step of MIGRATIONS.slice(version)) database.exec(step);
  database.exec(`pragma user_version = ${MIGRATIONS.length}`);
}

/** Runs work that no other process sees in part. */
export function transaction<Result>(database: Database, work: () => Result): Result {
  database.exec("begin immediate");
  try {
    const result = work();
    database.exec("commit");
    return result;
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}
