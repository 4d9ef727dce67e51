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
  "demo/other": {
    status: 409,
    summary: "The folder holds the demo of a site with another seed.",
    remedy: "Name another folder with --out.",
  },
  "convert/out": {
    status: 400,
    summary: "The output's name is not one that files of the format have.",
    remedy: "Name it with one of the extensions in the message.",
  },
  "convert/exists": {
    status: 409,
    summary: "There is something at the output's path already.",
    remedy: "Name another path, or say --overwrite for a file.",
  },
  "convert/nothing": {
    status: 422,
    summary: "The labels have nothing that the format can hold.",
    remedy: "Check the path, or choose another format with --to.",
  },
  "task/file": {
    status: 422,
    summary: "A task file cannot be read, or is not a JSON object.",
    remedy: "Check the path, and that the file holds one JSON object.",
  },
});
