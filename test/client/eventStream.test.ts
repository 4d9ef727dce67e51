import * as fc from "fast-check";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { eventsIn, type SentEvent } from "../../src/client/eventStream.ts";
import { ServiceClient } from "../../src/client/index.ts";
import { within } from "../within.ts";

async function read(pieces: readonly Uint8Array[]): Promise<SentEvent[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const events: SentEvent[] = [];
  for await (const event of eventsIn(body())) events.push(event);
  return events;
}

const TEXT = 'retry: 1000\n\n:\n\nid: 4\nevent: state\ndata: {"ü": 1}\n\ndata:a\ndata: b\n\nevent: odd\n\ndata: half';
const EVENTS = [
  { event: "state", data: '{"ü": 1}' },
  { event: "message", data: "a\nb" },
];

it("events are read wherever their bytes are cut; what has no data or no end is none", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      expect(await read(places.slice(1).map((end, i) => bytes.subarray(places[i], end)))).toEqual(EVENTS);
    }),
  );
});

it("a stream that ends without an error is asked for again only after a pause", async () => {
  const left = new AbortController();
  let asked = 0;
  const fetch = async (): Promise<Response> => {
    await setTimeout(1);
    left.signal.throwIfAborted();
    asked++;
    return new Response("");
  };
  const read = async (): Promise<void> => {
    for await (const event of new ServiceClient("http://x", { fetch }).events({ signal: left.signal }))
      expect.fail(JSON.stringify(event));
  };
  const reading = read();
  await setTimeout(200);
  left.abort();
  await within(2000, reading);
  expect(asked).toBe(1);
});
