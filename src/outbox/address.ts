/** @file Where events go: an address that the user gave. */
import { createHash } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { publicAddress } from "../core/publicAddress.ts";
import type { Destination } from "./destination.ts";
import { mqttDestination } from "./mqtt.ts";
import { webhook } from "./webhook.ts";

const PROTOCOLS = ["http", "https", "mqtt", "mqtts"] as const;

/**
 * What takes events at an address: `http(s)://…` gets JSON lines by POST, `mqtt(s)://host/topic` a message for each event.
 * Nothing is opened before the first event.
 * @throws UserError `send/address`, `send/packages`
 */
export async function destinationAt(address: string): Promise<Destination> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const protocol = PROTOCOLS.find((one) => url?.protocol === `${one}:`);
  if (url === undefined || protocol === undefined || url.hostname === "")
    throw new UserError("send/address", {
      what: "events cannot be sent to this address",
      got: publicAddress(address),
      expected: PROTOCOLS.map((one) => `${one}://…`).join(", "),
    });
  const known = { name: publicAddress(address), key: createHash("sha256").update(address).digest("hex").slice(0, 16) };
  return protocol === "http" || protocol === "https" ? webhook(url, known) : mqttDestination(url, known);
}

/** The same for several. @throws as `destinationAt` */
export const destinationsAt = (addresses: readonly string[]): Promise<Destination[]> =>
  Promise.all(addresses.map(destinationAt));
