import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Program, runProgram } from "../../../src/video/backends/program.ts";
import { within } from "../../within.ts";

/** A program of our own: Node with a line of code. */
const node = (code: string): Program => new Program(process.execPath, ["-e", code]);

/** Writes far more than a pipe holds, and goes on. */
const FLOOD =
  "const piece = Buffer.alloc(1 << 16); const more = () => { while (process.stdout.write(piece)); }; process.stdout.on('drain', more); more(); setInterval(() => {}, 1000)";

describe("kill", () => {
  test("ends a program whose output nobody reads", async () => {
    const program = node(FLOOD);
    await setTimeout(300);
    expect(
      await within(
        5000,
        program.kill().then(() => "ended"),
      ),
    ).toBe("ended");
    expect(await program.ended).toBe(-1);
  });

  test("ends one while its output is half read: the reader gets an end, no error", async () => {
    const program = node(FLOOD);
    const output = program.output();
    expect((await output.next()).value?.length).toBeGreaterThan(0);
    await within(5000, program.kill());
    let rest = await output.next();
    while (rest.done !== true) rest = await within(5000, output.next());
    expect(rest.done).toBe(true);
  });

  test("ends one that floods stderr, and one that is already gone", async () => {
    const loud = node(FLOOD.replaceAll("stdout", "stderr"));
    await setTimeout(300);
    await within(5000, loud.kill());
    const gone = node("process.exit(3)");
    expect(await gone.ended).toBe(3);
    await within(5000, gone.kill());
  });

  test("again and again at random moments", async () => {
    for (let i = 0; i < 12; i++) {
      const program = node(FLOOD);
      const output = program.output();
      const first = output.next();
      await setTimeout(20 * i);
      await within(5000, program.kill());
      await within(5000, first);
    }
  });
});

test.skipIf(process.platform === "win32")("kill ends a script though what it has started holds its pipes", async () => {
  const script = new Program("sh", ["-c", "sleep 60 & echo started; wait"]);
  const output = script.output();
  expect(String((await within(5000, output.next())).value)).toBe("started\n");
  await within(5000, script.kill());
  expect(await script.ended).toBe(-1);
});

test("one that is killed from outside no longer listens, whether its output is read or not", async () => {
  const deaf = node("setInterval(() => {}, 1000)");
  deaf.child.stdout.resume();
  const piece = new Uint8Array(1 << 20);
  const writing = deaf.write(piece);
  process.kill(deaf.child.pid!, "SIGKILL");
  expect(await within(5000, writing)).toBe(false);
  expect(await within(5000, deaf.write(piece))).toBe(false);
  expect(await within(5000, deaf.ended)).toBe(-1);
  const unread = node(FLOOD);
  await setTimeout(300);
  process.kill(unread.child.pid!, "SIGKILL");
  expect(await within(5000, unread.write(piece))).toBe(false);
  await within(5000, unread.kill());
});

test("a program that does not exist ends with -1 and says why", async () => {
  const program = new Program("/no/such/program", []);
  expect(await program.ended).toBe(-1);
  expect(program.complaint).toContain("ENOENT");
  await within(5000, program.kill());
});

test("runProgram gives all of a long output", async () => {
  const { status, stdout } = await runProgram(process.execPath, ["-e", "process.stdout.write('x'.repeat(300000))"]);
  expect([status, stdout.length]).toEqual([0, 300_000]);
});
