/**
 * @file Modes and protocols that callers built by hand are checked before they are used, as those chosen by name are.
 */
import { z } from "zod";
import { UserError } from "../core/errors.ts";
import { schemaIssue } from "../core/schemaIssue.ts";
import { type Mode, modes } from "./modes.ts";
import { presets, type Protocol, protocolSchema } from "./protocols.ts";

const pruningSchema = z.strictObject({
  cells: z.number().positive().max(4096),
  reach: z.number().min(0).max(4096),
  energy: z.number().min(0).max(1),
  belief: z.number().min(0).max(1),
  settle: z.number().min(0).max(1).optional(),
});

const modeSchema = z.strictObject({
  pruning: pruningSchema.nullable(),
  cellRows: z.int().min(1).max(1024).nullable(),
  smallRows: z.int().min(1).max(1024).nullable(),
  precision: z.enum(["float32", "int8"]),
  recentFrames: z.int().min(1).max(256).nullable(),
  overlayEffort: z.enum(["usual", "least"]),
  upsampling: z.enum(["bilinear", "guided"]).nullable(),
  quickMasks: z.boolean(),
});

/** @throws UserError `mode/invalid` naming the value, and the nearest valid name where there is one. */
export function requireMode(mode: unknown): asserts mode is Mode {
  const checked = modeSchema.safeParse(mode);
  if (checked.success) return;
  const parts = schemaIssue("the mode", checked.error.issues[0], mode, modes.live);
  const named = typeof mode === "string" ? { todo: `pass the mode itself: resolveMode("${mode}")` } : {};
  throw new UserError("mode/invalid", { ...parts, ...named });
}

/** @throws UserError `protocol/invalid`, as `requireMode` */
export function requireProtocol(protocol: unknown): asserts protocol is Protocol {
  const checked = protocolSchema.safeParse(protocol);
  if (checked.success) return;
  const example: Protocol = { ...presets.default, candidates: "clusters" };
  const parts = schemaIssue("the protocol", checked.error.issues[0], protocol, example);
  const named =
    typeof protocol === "string" ? { todo: `pass the protocol itself: resolveProtocol("${protocol}")` } : {};
  throw new UserError("protocol/invalid", { ...parts, ...named });
}
