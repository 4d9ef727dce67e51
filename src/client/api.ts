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
  /** The session that it reads or writes. */
  session: string | null;
  /** The site that it works on. */
  site: string | null;
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

export type Metrics = {
  /** Of the file; when it differs from the one asked for, reading began again. */
  version: string;
  /** Where to read on, bytes. */
  next: number;
  /** There is more already. */
  more: boolean;
  /** A step each. */
  records: {
    step: number;
    /** Of training, over all resumed parts. */
    minutes: number;
    loss: number;
    pairsPerSec: number;
    learningRate: number;
    /** Of the weights at this step, where scores were asked for. */
    score?: number;
    [key: string]: unknown;
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

export type Site = {
  id: string;
  name: string;
  /** ISO 8601. */
  made: string;
  clips: {
    /** Null where the clip is gone. */
    id: string | null;
    /** What the site calls it. */
    key: string;
    camera: string;
    frames: number;
    seconds: number;
  }[];
  /** Those that count now. */
  targets: {
    metric: string;
    value: number;
    /** When, ISO 8601. */
    set: string;
    /** It was set or changed when results had been seen. */
    afterResults: boolean;
  }[];
  prices: {
    maskSec: number;
    correctionSec: number;
    objectsPerFrame: number;
    wagePerHour: number | null;
    machinePerHour: number;
    currency: string;
  };
  steps: {
    step: "check" | "plan" | "adapt" | "tune" | "track" | "report";
    state: "open" | "done" | "failed";
    why: string | null;
  }[];
  /** Null before there is a plan. */
  labels: {
    /** Frames of the plan. */
    planned: number;
    labelled: number;
    /** To label the others, seconds. */
    leftSec: number;
    /** How far the 95 % interval of the mean IoU will reach to each side. */
    reach: number;
    wantedReach: number;
    passages: number;
    availablePassages: number;
  } | null;
  /** Number of the model in use. */
  model: number;
  /** Name of the settings that were found for the site. */
  preset: string | null;
  /** Of the latest report; null without targets. */
  decision: "go" | "no-go" | "not-enough" | null;
  /** When the latest report was made, ISO 8601. */
  reported: string | null;
  /** The report is of the labels, targets and models as they are now. */
  current: boolean;
  /** run: what is not done; label: frames of the plan; more: footage or a larger plan; decide: a verdict is there. */
  next: "run" | "label" | "more" | "decide";
  /** The latest job of the site. */
  job: Job | null;
  /** The step that this job is at, while it runs. */
  working: "check" | "plan" | "adapt" | "tune" | "track" | "report" | null;
};

export type SiteModel = {
  number: number;
  name: string;
  made: string;
  parent: number | null;
  scores: {
    [key: string]: number;
  };
  accepted: boolean;
  reason: string;
  inUse: boolean;
  /** What became of its weights. */
  state: "whole" | "changed" | "gone";
};

export type SiteModels = {
  /** By number; 0 is the package's. */
  models: SiteModel[];
  /** What is under way, also while no job goes on with it. */
  learning: {
    /** ISO 8601. */
    begun: string;
    /** In all. */
    minutes: number;
    /** Of learning alone; null until it is known. */
    trainMinutes: number | null;
    /** Learning is done; what follows is comparing. */
    trained: boolean;
    /** Stretches that are learned from. */
    clips: number;
    /** Stretches that it is judged by. */
    aside: number;
  } | null;
};

export type SitePlan = {
  frames: {
    /** Null where the clip is gone. */
    clip: string | null;
    key: string;
    camera: string;
    frame: number;
    /** start: given; tuning: may be given as a correction; verdict: only measures. */
    role: "start" | "tuning" | "verdict";
    labelled: boolean;
  }[];
};

export type SiteReport = {
  /** ISO 8601. */
  made: string;
  decision: "go" | "no-go" | "not-enough" | null;
  title: string;
  /** The verdict, one for each target, then what would settle what is open. */
  sentences: string[];
  basis: string[];
  /** What makes the numbers less worth than they look. */
  doubts: string[];
  /** Of targets. */
  changes: string[];
  targets: {
    metric: string;
    target: number;
    decision: "go" | "no-go" | "not-enough";
    score: {
      mean: number | null;
      low: number | null;
      high: number | null;
      /** Passages. */
      clusters: number;
      /** Frames. */
      values: number;
    };
  }[];
  /** What is in use, and what it is compared with. */
  methods: {
    metric: string;
    method: string;
    corrections: number;
    score: {
      mean: number | null;
      low: number | null;
      high: number | null;
      /** Passages. */
      clusters: number;
      /** Frames. */
      values: number;
    };
  }[];
  /** Verdict frames to look at. */
  frames: {
    kind: "best" | "median" | "worst";
    /** Null where the clip is gone. */
    clip: string | null;
    key: string;
    frame: number;
    /** IoU. */
    score: number;
    /** Address of a picture with what was labelled. */
    label: string;
    /** Address of a picture with what was tracked. */
    tracked: string;
  }[];
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
  "/api/clips/{clip}/frames/{frame}/layers/{layer}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A frame as the method sees it: its motion, clusters, regions or features. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clip: string;
          frame: number;
          layer: "motion" | "outlines" | "regions" | "features";
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "image/jpeg": string;
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
  "/api/sites": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** All sites, the newest first. */
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
              sites: Site[];
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
    /** Makes a site of clips. */
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
            name: string;
            /** Ids of clips; one folder of them is one camera. */
            clips: string[];
            /** What is to be reached, such as iou=0.8 or pck@0.1=0.6; set before results are seen. */
            targets?: string[];
            /** What work costs. What is left out stays as it is. */
            prices?: {
              maskSec?: number;
              correctionSec?: number;
              objectsPerFrame?: number;
              wagePerHour?: number | null;
              machinePerHour?: number;
              currency?: string;
            };
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Site;
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
  "/api/sites/{site}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A site: what is done, and what to do next. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Site;
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
    /** Deletes a site with its models and results; clips and their labels stay. */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
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
    /** Adds clips, changes targets, prices or the name. */
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          "application/json": {
            name?: string;
            /** Clips to add. */
            clips?: string[];
            /** What is to be reached, such as iou=0.8 or pck@0.1=0.6; set before results are seen. */
            targets?: string[];
            /** What work costs. What is left out stays as it is. */
            prices?: {
              maskSec?: number;
              correctionSec?: number;
              objectsPerFrame?: number;
              wagePerHour?: number | null;
              machinePerHour?: number;
              currency?: string;
            };
          };
        };
      };
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Site;
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
    trace?: never;
  };
  "/api/sites/{site}/plan": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The frames to label, in their order. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": SitePlan;
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
  "/api/sites/{site}/report": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The latest report: verdict, numbers, frames to look at. */
    get: {
      parameters: {
        query?: {
          language?: "en" | "ja";
        };
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": SiteReport;
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
  "/api/sites/{site}/report/page": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The latest report as a page of its own, which needs nothing else. */
    get: {
      parameters: {
        query?: {
          language?: "en" | "ja";
        };
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "text/html": string;
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
  "/api/sites/{site}/report/frames/{index}/{what}": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** A frame of the report, with what was labelled or with what was tracked. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
          index: number;
          what: "label" | "tracked";
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "image/jpeg": string;
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
  "/api/sites/{site}/models": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The models of a site, and what is learned now. */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": SiteModels;
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
  "/api/sites/{site}/models/{model}/use": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** From now on uses this model. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
          model: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": SiteModels;
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
  "/api/sites/{site}/models/rollback": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    get?: never;
    put?: never;
    /** Goes back to the model that was used before. */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          site: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": SiteModels;
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
  "/api/sites/{site}/models/{model}/metrics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The steps by which a model was learned; none where that was not kept. */
    get: {
      parameters: {
        query?: {
          after?: number;
          version?: string;
        };
        header?: never;
        path: {
          site: string;
          model: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: { [name: string]: unknown };
          content: {
            "application/json": Metrics;
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
          task:
            | "track"
            | "check"
            | "review"
            | "convert"
            | "inspect"
            | "discover"
            | "train"
            | "resume"
            | "site"
            | "evaluate";
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
          task?:
            | "track"
            | "check"
            | "review"
            | "convert"
            | "inspect"
            | "discover"
            | "train"
            | "resume"
            | "site"
            | "evaluate";
          session?: string;
          site?: string;
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
            /** A task as /api/tasks/{task} describes it. Instead of paths it has references: clip:ID, session:ID/FILE, job:ID/FILE, site:ID; of labels also labels:CLIP. Results go into the job's files, those of track into the session that `out` names, those of a site into the site. */
            task: {
              task:
                | "track"
                | "check"
                | "review"
                | "convert"
                | "inspect"
                | "discover"
                | "train"
                | "resume"
                | "site"
                | "evaluate";
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
  "/api/jobs/{job}/metrics": {
    parameters: { query?: never; header?: never; path?: never; cookie?: never };
    /** The steps of a training run, as they come: loss, pairs a second, scores. */
    get: {
      parameters: {
        query?: {
          after?: number;
          version?: string;
        };
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
            "application/json": Metrics;
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
