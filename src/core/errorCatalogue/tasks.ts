/** @file Error codes of tasks and task files. */
import { group } from "./group.ts";

export const tasks = group("Tasks", {
  "task/invalid": {
    status: 400,
    summary: "A task lacks a key, or has one that is unknown or out of range.",
    remedy: "Correct the keys that the message names; tsumugi schema TASK lists them all.",
  },
  "task/unknown": {
    status: 400,
    summary: "There is no task of this name, or the file holds a different task from the one that the command runs.",
    remedy: "Use one of the names in the message.",
  },
  "task/file": {
    status: 422,
    summary: "A task file cannot be read, or is not a JSON object.",
    remedy: "Check the path, and that the file holds one JSON object.",
  },
});
