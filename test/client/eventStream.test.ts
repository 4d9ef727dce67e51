import * as fc from "fast-check";
import { expect, it } from "vitest";
import { eventsIn, type SentEvent } from "../../src/client/eventStream.ts";

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
