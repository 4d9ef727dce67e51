/** @file A webhook's other end: remembers what it was sent, and answers as it is told. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly events: readonly { readonly id: string; readonly [key: string]: unknown }[];
}

/** @param answer status by the number of the request, from 0; undefined: none. */
export async function receiver(answer: (request: number) => number | undefined = () => 200) {
  const requests: Received[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const events = body
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Received["events"][number]);
      requests.push({ headers: request.headers, events });
      const status = answer(requests.length - 1);
      if (status !== undefined) response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}/hook`,
    requests,
    ids: () => requests.flatMap(({ events }) => events.map(({ id }) => id)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
