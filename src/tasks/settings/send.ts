/** @file Addresses that events are sent to. */
import { z } from "zod";

/** Where events go while they happen. */
export const sendKey = z
  .array(z.string())
  .default([])
  .describe("Addresses that get every event as it is found: http(s)://… by POST, mqtt(s)://host/topic.");
