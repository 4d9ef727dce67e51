/** @file Ids of jobs and sessions. */
import { randomBytes } from "node:crypto";

/** 96 random bits, for paths and addresses. */
export function newId(): string {
  return randomBytes(12).toString("hex");
}
