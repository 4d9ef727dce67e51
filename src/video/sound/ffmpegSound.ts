/** @file The sound of a file through the programs ffmpeg and ffprobe. */
import { Program, runProgram } from "../backends/program.ts";
import { type FfmpegPrograms, fileUrl } from "../sources/ffmpegCli.ts";
import { unreadable } from "../sources/videoErrors.ts";
import { noSound } from "./soundErrors.ts";

/**
 * @param filter makes mono float32 of what is decoded
 * @throws UserError `sound/missing`, `video/unreadable`
 */
export async function* ffmpegSound(
  path: string,
  { ffmpeg, ffprobe }: FfmpegPrograms,
  filter: string,
): AsyncGenerator<Float32Array, void, void> {
  await requireTrack(path, ffprobe);
  const input = ["-hide_banner", "-nostdin", "-nostats", "-v", "error", "-copyts", "-i", fileUrl(path)];
  const output = ["-map", "0:a:0", "-af", filter, "-f", "f32le", "-c:a", "pcm_f32le", "-"];
  const program = new Program(ffmpeg, [...input, ...output]);
  try {
    yield* samples(program);
  } finally {
    await program.kill();
  }
}

async function requireTrack(path: string, ffprobe: string): Promise<void> {
  const entries = ["-v", "error", "-select_streams", "a", "-show_entries", "stream=index", "-of", "csv=p=0"];
  const { status, stdout, complaint } = await runProgram(ffprobe, [...entries, fileUrl(path)]);
  if (status !== 0) throw unreadable(path, complaint);
  if (stdout.trim() === "") throw noSound(path);
}

/** Cuts the program's output between samples. */
async function* samples(program: Program): AsyncGenerator<Float32Array, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of program.output()) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 4);
    rest = bytes.subarray(whole);
    // A copy, since samples must begin at a multiple of four bytes.
    if (whole > 0) yield new Float32Array(Uint8Array.from(bytes.subarray(0, whole)).buffer);
  }
}
