/** @file What the API answers, as schemas: they check answers, and /api/openapi.json and the client's types are made of them. */
import { z } from "zod";
import { EVENT_KINDS, JOB_STATES } from "../jobs/queue.ts";

// A schema with an id has a name of its own in the OpenAPI document.
const time = z.number().describe("ms since 1970.");
const id = z.string();

/** An error as data; every status from 400 on has this body. */
export const errorBody = z
  .object({
    error: z.object({
      code: z.string().describe("See docs/errors.md."),
      message: z.string().describe("All of it as one sentence."),
      what: z.string(),
      got: z.string().exactOptional(),
      expected: z.string().exactOptional(),
      todo: z.string().exactOptional(),
    }),
  })
  .meta({ id: "ErrorBody" });

export const clipBody = z
  .object({
    id,
    name: z.string(),
    root: z.string().describe("The folder that the service was given; uploads lie in `uploads`."),
    place: z.string().describe("Path within the root."),
    isFolder: z.boolean().describe("A folder of images."),
    bytes: z.number().describe("Of a file; 0 for folders."),
    modified: time,
    version: z.string().describe("Changes when the contents may have; part of the addresses of frames."),
  })
  .meta({ id: "Clip" });

export const probedClipBody = clipBody
  .extend({
    width: z.int(),
    height: z.int(),
    frameCount: z.int(),
    durationSec: z.number().describe("From the first frame's time to the last one's."),
  })
  .meta({ id: "ProbedClip" });

export const timesBody = z
  .object({ timesSec: z.array(z.number()).describe("Of every frame, on the clip's own clock.") })
  .meta({ id: "FrameTimes" });

export const labelledFrameBody = z
  .object({
    frame: z.int(),
    mask: z.string().nullable().describe("Its ETag; null where there is no mask."),
    shapes: z.string().nullable().describe("Its ETag; null where there are no points, boxes or ends."),
  })
  .meta({ id: "LabelledFrame" });

export const jobErrorBody = z
  .object({
    code: z.string(),
    what: z.string(),
    got: z.string().exactOptional(),
    expected: z.string().exactOptional(),
    todo: z.string().exactOptional(),
  })
  .meta({ id: "JobError" });

const progress = z.object({
  text: z.string(),
  done: z.number().exactOptional(),
  total: z.number().exactOptional(),
  left: z.number().exactOptional().describe("Seconds."),
});

export const jobBody = z
  .object({
    id,
    task: z.record(z.string(), z.unknown()).describe("As it was asked for."),
    state: z.enum(JOB_STATES),
    session: z.string().nullable().describe("The session that it reads or writes."),
    site: z.string().nullable().describe("The site that it works on."),
    clips: z.array(z.string()),
    priority: z.int(),
    retries: z.int(),
    attempts: z.int().describe("How often a worker took it."),
    failures: z.int().describe("Failures so far that may pass."),
    created: time,
    started: time.nullable(),
    ended: time.nullable(),
    notBefore: time.describe("It waits until then at least; 0 if for nothing."),
    owner: z.string(),
    progress: progress.nullable(),
    error: jobErrorBody.nullable(),
  })
  .meta({ id: "Job" });

export const eventBody = z
  .object({
    id: z.int(),
    job: z.string(),
    time,
    kind: z.enum(EVENT_KINDS),
    data: z.unknown().describe("`state`: state and error; `progress`: as a job's; `log`: text."),
  })
  .meta({ id: "JobEvent" });

export const sessionBody = z
  .object({
    id,
    clip: z.string(),
    name: z.string(),
    created: time,
    settings: z.record(z.string(), z.unknown()).describe("Keys of a track task."),
    begun: z.boolean().describe("There are results, perhaps not all."),
    complete: z.boolean().describe("Every frame is tracked with the labels of the latest job."),
  })
  .meta({ id: "Session" });

export const recordsBody = z
  .object({
    version: z.string().describe("Of the file; when it differs from the one asked for, reading began again."),
    next: z.int().describe("Where to read on, bytes."),
    more: z.boolean().describe("There is more already."),
    records: z
      .array(z.record(z.string(), z.unknown()))
      .describe("Lines of frames.jsonl in their order; a later line of a frame replaces an earlier one."),
  })
  .meta({ id: "Records" });

/** Where a reader of records stopped. */
export const placeQuery = z.object({
  after: z.coerce.number().int().min(0).default(0),
  version: z.string().exactOptional(),
});

export const metricsBody = recordsBody
  .extend({
    records: z
      .array(
        z.looseObject({
          step: z.int(),
          minutes: z.number().describe("Of training, over all resumed parts."),
          loss: z.number(),
          pairsPerSec: z.number(),
          learningRate: z.number(),
          score: z.number().exactOptional().describe("Of the weights at this step, where scores were asked for."),
        }),
      )
      .describe("A step each."),
  })
  .meta({ id: "Metrics" });

export const fileBody = z.object({ path: z.string(), bytes: z.int(), modified: time }).meta({ id: "ResultFile" });

export const aboutBody = z
  .object({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    tasks: z.array(z.string()).describe("Tasks that can be jobs."),
    roots: z.array(z.string()),
    workers: z.int(),
    maxUploadBytes: z.int(),
  })
  .meta({ id: "About" });
