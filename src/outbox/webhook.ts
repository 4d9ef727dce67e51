/** @file Events by HTTP POST, as JSON lines. */
import type { Destination } from "./destination.ts";

/** A bearer token for webhooks, which is not for the command line, where other users of a machine can read it. */
export const TOKEN_VARIABLE = "TSUMUGI_WEBHOOK_TOKEN";

/** User and password of the address go as its protocol wants, not within it; else the token of the environment, if there is one. */
export function webhook(address: URL, known: Pick<Destination, "name" | "key">): Destination {
  const url = new URL(address);
  [url.username, url.password] = ["", ""];
  const authorization = authorizationOf(address);
  return {
    ...known,
    async deliver({ lines, key }, signal) {
      const answer = await fetch(url, {
        method: "POST",
        body: lines.map((line) => `${line}\n`).join(""),
        headers: { "content-type": "application/x-ndjson", "idempotency-key": key, ...authorization },
        // Events go where the user said, and nowhere else.
        redirect: "error",
        signal,
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    },
    async [Symbol.asyncDispose]() {},
  };
}

function authorizationOf({ username, password }: URL): { authorization?: string } {
  const token = process.env[TOKEN_VARIABLE];
  if (username !== "" || password !== "") {
    const pair = [username, password].map(decodeURIComponent).join(":");
    return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  }
  return token === undefined || token === "" ? {} : { authorization: `Bearer ${token}` };
}
