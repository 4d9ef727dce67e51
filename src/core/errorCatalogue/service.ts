/** @file Error codes of the service, `tsumugi serve`. */
import { group } from "./group.ts";

export const service = group("Service", {
  "service/invalid": {
    status: 400,
    summary: "A request lacks something, or has a value that is not accepted.",
    remedy: "Correct what the message names; /api/openapi.json describes every request.",
  },
  "service/missing": {
    status: 404,
    summary: "There is no such clip, label, session, job or file.",
    remedy: "Check the id; the lists of the API name what there is.",
  },
  "service/path": {
    status: 403,
    summary: "A path leads out of the folders that the service was given.",
    remedy: "Name something in those folders, or start the service with the folder that it lies in.",
  },
  "service/host": {
    status: 403,
    summary: "The request was addressed to a host name that is not the service's own.",
    remedy: "Use the address that tsumugi serve prints, or allow the name with --allow-host.",
  },
  "service/origin": {
    status: 403,
    summary: "A page of another website made the request.",
    remedy: "Use the service from its own pages, or from a program that sends no Origin.",
  },
  "service/token": {
    status: 401,
    summary: "The service wants a token, and the request has none that is valid.",
    remedy: "Send one as Authorization: Bearer TOKEN; tsumugi token create makes one.",
  },
  "service/scope": {
    status: 403,
    summary: "The token does not allow what was asked for.",
    remedy: "Use a token with the scope that the message names.",
  },
  "service/studio": {
    status: 500,
    summary: "The pages of the studio are not beside the program.",
    remedy: "In the source code run npm run build; of a package install it again.",
  },
  "service/static": {
    status: 500,
    summary: "The folder for the page that tracks in the browser alone holds something else, or cannot be read.",
    remedy: "Name a new or an empty folder with --static.",
  },
  "service/rate": {
    status: 429,
    summary: "There were too many requests from one address.",
    remedy: "Wait as long as the Retry-After header says, s.",
  },
  "service/busy": {
    status: 409,
    summary: "Something cannot be changed or deleted while a job works with it, or a finished job cannot be changed.",
    remedy: "Wait for the job, or cancel it first.",
  },
  "service/key-used": {
    status: 409,
    summary: "The Idempotency-Key was used for another request.",
    remedy: "Use a new key for each request that is a new one.",
  },
  "service/changed": {
    status: 412,
    summary: "What was to be replaced has changed since it was read.",
    remedy: "Read it again, and change that.",
  },
  "service/size": {
    status: 413,
    summary: "The request's body is larger than the service takes.",
    remedy: "Send less, or start the service with a higher limit.",
  },
  "service/media": {
    status: 415,
    summary: "The request's body is of a type that is not accepted here.",
    remedy: "Send it with one of the types in the message.",
  },
  "service/range": {
    status: 416,
    summary: "The range of bytes that was asked for is not in the file.",
    remedy: "Ask for bytes of the file; a HEAD request tells how many there are.",
  },
  "service/data": {
    status: 409,
    summary: "The folder of the service's data was written by a newer version.",
    remedy: "Use that version, or another folder with --data.",
  },
  "service/port": {
    status: 409,
    summary: "The service cannot listen on the address and port.",
    remedy: "Choose another port with --port, or stop the program that listens there.",
  },
  "service/queue": {
    status: 503,
    summary: "The queue of jobs is on a Redis that does not answer.",
    remedy: "Start Redis, or check the address of --queue; jobs that were running go on when it is back.",
  },
  "service/packages": {
    status: 501,
    summary: "A package that only the service needs is not installed.",
    remedy: "Install what the message names.",
  },
  "upload/version": {
    status: 412,
    summary: "A request for an upload does not speak version 1.0.0 of the tus protocol.",
    remedy: "Send the header Tus-Resumable: 1.0.0, or use a client of that version.",
  },
  "upload/offset": {
    status: 409,
    summary: "The bytes that were sent do not begin where the upload stopped.",
    remedy: "Ask for the offset with HEAD, and send what comes after it.",
  },
  "upload/checksum": {
    status: 460,
    summary: "What arrived does not have the checksum that was sent with it; nothing of it was kept.",
    remedy: "Send it again.",
  },
  "job/stopped": {
    status: 500,
    summary: "A job's process ended before its work, more often than it may be tried again.",
    remedy: "Read the job's log; ask for the job again when the reason is gone.",
  },
  "job/internal": {
    status: 500,
    summary: "A job met a bug of tsumugi.",
    remedy: "Report it with the message and the job's log.",
  },
});
