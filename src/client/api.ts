// Made from the OpenAPI document by scripts/clientTypes.js (npm run client:types). Do not edit.
/** @file The types of the service's API. */

export type About = {
  version: string;
  node: string;
  platform: string;
  /** Tasks that can be jobs. */
  tasks: string[];
  roots: string[];
  workers: number;
  maxUploadBytes: number;
};

export type CheckFinding = {
  name: string;
  verdict: "poor" | "usable" | "good";
  /** What there is. */
  said: string;
  /** What to change at the camera. */
  todo: string | null;
  /** Where it is worst, or begins; null: all of the clip. */
  frame: number | null;
};

export type Clip = {
  id: string;
  name: string;
  /** The folder that the service was given; uploads lie in `uploads`. */
  root: string;
  /** Path within the root. */
  place: string;
  /** A folder of images. */
  isFolder: boolean;
  /** Of a file; 0 for folders. */
  bytes: number;
  /** ms since 1970. */
  modified: number;
  /** Changes when the contents may have; part of the addresses of frames. */
  version: string;
};

export type ClipCheck = {
  /** The latest check of this clip alone; null where there is none of its contents. */
  job: Job | null;
  /** Null until that job is done. */
  verdict: "poor" | "usable" | "good" | null;
  /** What is not good, the worst first. */
  findings: CheckFinding[];
};

export type ErrorBody = {
  error: {
    /** See docs/errors.md. */
    code: string;
    /** All of it as one sentence. */
    message: string;
    what: string;
    got?: string;
    expected?: string;
    todo?: string;
  };
};

export type FrameTimes = {
  /** Of every frame, on the clip's own clock. */
  timesSec: number[];
};

export type Job = {
  id: string;
  /** As it was asked for. */
  task: {
    [key: string]: unknown;
  };
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  session: string | null;
  clips: string[];
  priority: number;
  retries: number;
  /** How often a worker took it. */
  attempts: number;
  /** Failures so far that may pass. */
  failures: number;
  /** ms since 1970. */
  created: number;
  started: number | null;
  ended: number | null;
  /** It waits until then at least; 0 if for nothing. */
  notBefore: number;
  owner: string;
  progress: {
    text: string;
    done?: number;
    total?: number;
    /** Seconds. */
    left?: number;
  } | null;
  error: JobError | null;
};

export type JobError = {
  code: string;
  what: string;
  got?: string;
  expected?: string;
  todo?: string;
};

export type JobEvent = {
  id: number;
  job: string;
  /** ms since 1970. */
  time: number;
  kind: "state" | "progress" | "log";
  /** `state`: state and error; `progress`: as a job's; `log`: text. */
  data: unknown;
};

export type LabelledFrame = {
  frame: number;
  /** Its ETag; null where there is no mask. */
  mask: string | null;
  /** Its ETag; null where there are no points, boxes or ends. */
  shapes: string | null;
};

export type LabelledObject = {
  id: number;
  name?: string;
  class?: string;
  colour?: string;
};

export type LabelledObjectInput = {
  id: number;
  name?: string;
  class?: string;
  colour?: string;
};

export type LookBack = {
  /** By frame; none for the labelled frame itself. */
  memory: {
    frame: number;
    /** Of the weight; over all frames 1. */
    share: number;
    /** Cells. */
    width: number;
    height: number;
    /** Base64 of a byte a cell, row by row: how alike; 0: not searched, or not at all. */
    heat: string;
    /** Places that the label is copied from, pixels of the clip, the best first. */
    chosen: {
      x: number;
      y: number;
      weight: number;
    }[];
  }[];
};

export type ProbedClip = {
  id: string;
  name: string;
  /** The folder that the service was given; uploads lie in `uploads`. */
  root: string;
  /** Path within the root. */
  place: string;
  /** A folder of images. */
  isFolder: boolean;
  /** Of a file; 0 for folders. */
  bytes: number;
  /** ms since 1970. */
  modified: number;
  /** Changes when the contents may have; part of the addresses of frames. */
  version: string;
  width: number;
  height: number;
  frameCount: number;
  /** From the first frame's time to the last one's. */
  durationSec: number;
};

export type Records = {
  /** Of the file; when it differs from the one asked for, reading began again. */
  version: string;
  /** Where to read on, bytes. */
  next: number;
  /** There is more already. */
  more: boolean;
  /** Lines of frames.jsonl in their order; a later line of a frame replaces an earlier one. */
  records: {
    [key: string]: unknown;
  }[];
};

export type Region = {
  width: number;
  height: number;
  /** Lengths of runs, row by row over the whole frame: outside, inside, and so on; the first may be 0. */
  runs: number[];
};

export type ResultFile = {
  path: string;
  bytes: number;
  /** ms since 1970. */
  modified: number;
};

export type Session = {
  id: string;
  clip: string;
  name: string;
  /** ms since 1970. */
  created: number;
  /** Keys of a track task. */
  settings: {
    [key: string]: unknown;
  };
  /** There are results, perhaps not all. */
  begun: boolean;
  /** Every frame is tracked with the labels of the latest job. */
  complete: boolean;
};

export type Shapes = {
  points: {
    name: string;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    x: number;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    y: number;
    visible: boolean;
  }[];
  boxes: {
    name: string;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    x: number;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    y: number;
    width: number;
    height: number;
  }[];
  /** Ids of objects and names of points that are not there from this frame on. */
  ends: (number | string)[];
  /** Lines between points, for pictures. */
  skeleton: [string, string][];
};

export type ShapesInput = {
  points?: {
    name: string;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    x: number;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    y: number;
    visible?: boolean;
  }[];
  boxes?: {
    name: string;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    x: number;
    /** Pixels of the clip, origin at the corner of the first pixel. */
    y: number;
    width: number;
    height: number;
  }[];
  /** Ids of objects and names of points that are not there from this frame on. */
  ends?: (number | string)[];
  /** Lines between points, for pictures. */
  skeleton?: [string, string][];
};

export interface paths {
  "/api": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What this service is. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": About;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All clips. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              clips: Clip[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A clip, opened. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ProbedClip;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Deletes an uploaded clip with its labels and sessions. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Record<string, never>;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/times": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The time of every frame. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": FrameTimes;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/frames/{frame}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Exactly the frame of this index, as a picture. */
    get: {
      parameters: {
        query?: {
          /** png is exact. */
          format?: "jpeg" | "webp" | "png";
          /** Pixels; never enlarged. */
          shortSide?: number;
          /** The clip's version: with it a browser keeps the picture for good. */
          v?: string;
        };
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "image/jpeg": string;
            "image/webp": string;
            "image/png": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/media": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The file as it is; ranges are served. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "video/*": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/check": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the latest check of a clip found. */
    get: {
      parameters: {
        query?: {
          language?: "en" | "ja";
        };
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ClipCheck;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/labels": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Which frames are labelled, and what the objects are. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              frames: LabelledFrame[];
              objects: LabelledObject[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/objects": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    /** What ids in masks stand for. */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": LabelledObjectInput[];
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": LabelledObject[];
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/labels/{frame}/mask": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A frame's mask. */
    get: {
      parameters: {
        query?: {
          /** raw: a byte a pixel, row by row, without a header. */
          format?: "png" | "raw";
        };
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "image/png": string;
            "application/octet-stream": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    /** Replaces a frame's mask. */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              /** The ETag of what was written. */
              tag: string;
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    post?: never;
    /** Forgets a frame's mask. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Record<string, never>;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/labels/{frame}/shapes": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A frame's points, boxes and ends. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Shapes;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    /** Replaces a frame's points, boxes and ends. */
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": ShapesInput;
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              /** The ETag of what was written. */
              tag: string;
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    post?: never;
    /** Forgets a frame's shapes. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Record<string, never>;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/frames/{frame}/region": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** The region that clicks in a frame mean. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            clicks: {
              /** Pixels of the clip, origin at the corner of the first pixel. */
              x: number;
              y: number;
              /** false: the region shall end before it. */
              inside?: boolean;
            }[];
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Region;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/clips/{clip}/frames/{frame}/look-back": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Where a pixel's label would be copied from, if the clip were tracked from a labelled frame on. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** Pixels of the clip, origin at the corner of the first pixel. */
            x: number;
            y: number;
            /** The labelled frame, not after this one. */
            from?: number;
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": LookBack;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Sessions, the newest first. */
    get: {
      parameters: {
        query?: {
          clip?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              sessions: Session[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    /** Begins a session of a clip. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            clip: string;
            name?: string;
            /** Keys of a track task but video, labels and out, for example mode or direction. */
            settings?: {
              [key: string]: unknown;
            };
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Session;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A session. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          session: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Session;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Deletes a session and its results. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          session: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Record<string, never>;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}/track": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Tracks the clip with the labels that it has now. */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key with the same task is the same job, however often it is sent. */
          "idempotency-key"?: string;
        };
        path: {
          session: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** Keys of a track task but video, labels and out, for example mode or direction. */
            settings?: {
              [key: string]: unknown;
            };
            /** Higher ones go first. */
            priority?: number;
            /** After failures that may pass; errors of the task are final. */
            retries?: number;
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Job;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}/records": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What was found in each frame, as it comes. */
    get: {
      parameters: {
        query?: {
          after?: number;
          version?: string;
        };
        header?: never;
        path: {
          session: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Records;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}/masks/{frame}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The mask of a frame, as soon as it is tracked. */
    get: {
      parameters: {
        query?: {
          /** As of labels. */
          format?: "png" | "raw";
        };
        header?: never;
        path: {
          session: string;
          frame: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "image/png": string;
            "application/octet-stream": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}/files": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All files of the results. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          session: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              files: ResultFile[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/sessions/{session}/files/{*}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A file of the results: tracks.csv, summary.json, overlay.mp4 and so on. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          session: string;
          "*": string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/octet-stream": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/tasks/{task}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The JSON Schema of a task, as `tsumugi schema` prints it. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          task: "track" | "check" | "review" | "convert" | "inspect";
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              [key: string]: unknown;
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Jobs, the newest first. */
    get: {
      parameters: {
        query?: {
          state?: "queued" | "running" | "done" | "failed" | "cancelled";
          session?: string;
          clip?: string;
          limit?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              jobs: Job[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    /** Asks for a job. */
    post: {
      parameters: {
        query?: never;
        header?: {
          /** The same key with the same task is the same job, however often it is sent. */
          "idempotency-key"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            /** A task as /api/tasks/{task} describes it. Instead of paths it has references: clip:ID, session:ID/FILE, job:ID/FILE; of labels also labels:CLIP. Results go into the job's files, those of track into the session that `out` names. */
            task: {
              task: "track" | "check" | "review" | "convert" | "inspect";
              [key: string]: unknown;
            };
            /** Higher ones go first. */
            priority?: number;
            /** After failures that may pass; errors of the task are final. */
            retries?: number;
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Job;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{job}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A job. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Job;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    /** Forgets an ended job and its files. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Record<string, never>;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{job}/cancel": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Stops a job; what it has written is kept. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Job;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{job}/result": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** What the task returned, once it is done. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{job}/files": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The files that a job wrote. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              files: ResultFile[];
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/jobs/{job}/files/{*}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A file that a job wrote. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          job: string;
          "*": string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/octet-stream": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/uploads": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Begins an upload (tus). */
    post: {
      parameters: {
        query?: never;
        header: {
          "upload-length": number;
          "upload-metadata"?: string;
          /** `sha256 BASE64` of the body. */
          "upload-checksum"?: string;
        };
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: {
          headers: { [name: string]: unknown };
          content?: never;
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    /** What of tus is spoken. */
    options: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: { [name: string]: unknown };
          content?: never;
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/uploads/{upload}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    post?: never;
    /** Gives up an upload that is not complete (tus). */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          upload: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: { [name: string]: unknown };
          content?: never;
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    options?: never;
    head?: never;
    /** Sends bytes of an upload, from where it stopped (tus). */
    patch: {
      parameters: {
        query?: never;
        header: {
          "upload-offset": number;
          /** `sha256 BASE64` of the body. */
          "upload-checksum"?: string;
        };
        path: {
          upload: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: { [name: string]: unknown };
          content?: never;
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    trace?: never;
  };
  "/health": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The service answers. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              status: "ok";
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/ready": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Queue and disk can be used; 5xx where not. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              status: "ok";
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/metrics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Numbers for Prometheus. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "text/plain; version=0.0.4; charset=utf-8": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/login": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Keeps a token in a cookie, for pages. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            token: string;
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": {
              name: string;
            };
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/events": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** Server-sent events of jobs. */
    get: {
      parameters: {
        query?: {
          /** Only events of this job. */
          job?: string;
          /** As Last-Event-ID, for those who cannot send it. */
          after?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "text/event-stream": string;
          };
        };
        "4XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
        "5XX": {
          headers: { [name: string]: unknown };
          content: {
            "application/json": ErrorBody;
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
