/** @file Events as messages of MQTT, each acknowledged by the broker (quality of service 1). */
import type { MqttClient } from "mqtt";
import { messageOf, UserError } from "../core/errors.ts";
import type { Destination } from "./destination.ts";

/** The topic where the address names none. */
const TOPIC = "tsumugi/events";

/**
 * `mqtt://user:password@host:1883/plant/line-3` publishes to the topic `plant/line-3`. The connection stays open.
 * @throws UserError `send/packages`
 */
export async function mqttDestination(address: URL, known: Pick<Destination, "name" | "key">): Promise<Destination> {
  const library = await loaded();
  const topic = decodeURIComponent(address.pathname.replace(/^\/+/u, "")) || TOPIC;
  let open: MqttClient | undefined;
  const leave = async (): Promise<void> => {
    const client = open;
    open = undefined;
    await client?.endAsync(true);
  };
  return {
    ...known,
    async deliver({ lines }, signal) {
      try {
        if (open?.connected !== true) {
          await leave();
          open = library.connect(optionsOf(address));
          await orAborted(ready(open), signal);
        }
        for (const line of lines) await orAborted(open.publishAsync(topic, line, { qos: 1 }), signal);
      } catch (error) {
        // Another try begins with a new connection: what this one has not delivered must not go out beside it.
        await leave();
        throw error;
      }
    },
    [Symbol.asyncDispose]: leave,
  };
}

function loaded(): Promise<Pick<typeof import("mqtt"), "connect">> {
  return import("mqtt").catch((error: unknown) => {
    const what = `MQTT needs its library: ${messageOf(error).split("\n")[0]}`;
    throw new UserError("send/packages", { what, todo: "install it with: npm install mqtt" }, error);
  });
}

function optionsOf({ hostname, port, username, password, protocol }: URL) {
  return {
    protocol: protocol === "mqtts:" ? "mqtts" : "mqtt",
    host: hostname.replace(/^\[|\]$/gu, ""),
    ...(port !== "" && { port: Number(port) }),
    ...(username !== "" && { username: decodeURIComponent(username) }),
    ...(password !== "" && { password: decodeURIComponent(password) }),
    // Trying again is the outbox's.
    reconnectPeriod: 0,
  } as const;
}

/** Resolves when the broker has accepted the client. @throws what the broker or the network says */
function ready(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once("connect", () => resolve());
    // Stays, so that a later error is none of the process.
    client.on("error", reject);
    client.once("close", () => reject(new Error("the connection was closed")));
  });
}

/** @throws the signal's reason */
async function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let stop: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  // What fails after the end is nobody's.
  work.catch(() => {});
  try {
    await Promise.race([work, ended]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
