/** @file The encoding of text files, as a key of tasks. */
import { z } from "zod";
import { encodingNamed } from "../../formats/textEncoding.ts";

/**
 * A key for the encoding of text files, any label of the WHATWG Encoding Standard.
 * @param files which ones, in words.
 */
export const encodingKey = (files: string) =>
  z
    .string()
    .refine((label) => encodingNamed(label) !== undefined, {
      error: ({ input }) =>
        `got ${JSON.stringify(input)}, expected an encoding such as utf-8, shift_jis, gb18030 or windows-1252`,
    })
    .exactOptional()
    .describe(`The encoding of ${files}, such as utf-8 or shift_jis. Default: found out.`);
