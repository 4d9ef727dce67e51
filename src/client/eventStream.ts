/** @file Server-sent events in a stream of bytes (WHATWG HTML, section 9.2.6). */

/** An event as it was sent. */
export interface SentEvent {
  readonly event: string;
  readonly data: string;
}

/** Events in a body, as they come. */
export async function* eventsIn(
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null,
): AsyncGenerator<SentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n\r?\n/u);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== undefined) yield event;
    }
  }
}

/** Undefined for a block without data: a comment, or a setting. */
function eventOf(block: string): SentEvent | undefined {
  const fields = block.split(/\r?\n/u).map((line) => /^(?<name>[^:]+)(?:: ?(?<value>.*))?$/u.exec(line)?.groups);
  const valuesOf = (name: string): string[] =>
    fields.flatMap((field) => (field?.["name"] === name ? [field["value"] ?? ""] : []));
  const data = valuesOf("data");
  return data.length === 0 ? undefined : { event: valuesOf("event").at(-1) ?? "message", data: data.join("\n") };
}
