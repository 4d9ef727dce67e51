/** @file The HTTP server: its routes, its errors, its beginning and its end. */
import swagger from "@fastify/swagger";
import Fastify, { type FastifyError, type FastifyReply } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from "fastify-type-provider-zod";
import type { z } from "zod";
import { UserError, messageOf } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { versionsInUse } from "../core/versions.ts";
import { answers, type Api } from "./api/requests.ts";
import { aboutBody, type errorBody } from "./api/schemas.ts";
import type { ServiceContext } from "./context.ts";
import { JOB_TASKS } from "./jobs/references.ts";
import { checkRoutes } from "./routes/checks.ts";
import { clipRoutes } from "./routes/clips.ts";
import { eventRoutes } from "./routes/events.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { labelRoutes } from "./routes/labels.ts";
import { regionRoutes } from "./routes/regions.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { siteModelRoutes } from "./routes/siteModels.ts";
import { siteReportRoutes } from "./routes/siteReports.ts";
import { siteRoutes } from "./routes/sites.ts";
import { studioRoutes } from "./routes/studio.ts";
import { systemRoutes } from "./routes/system.ts";
import { uploadRoutes } from "./routes/uploads.ts";
import type { HidePaths } from "./security/hiddenPaths.ts";
import { type GuardOptions, guardRequests } from "./security/guard.ts";

/** What every server has to know. */
export interface BareOptions extends GuardOptions {
  readonly logger: Logger;
  /** For what is sent to people. */
  readonly hide: HidePaths;
}

/** How a service behaves. */
export interface ServerOptions extends Omit<BareOptions, "hide"> {
  readonly workers: number;
  readonly maxUploadBytes: number;
  /** The folder of the studio's pages; undefined: only the API. */
  readonly pages?: string | undefined;
}

/** JSON bodies are at most so large, bytes; masks and uploads have limits of their own. */
const BODY_LIMIT = 8 * 1024 ** 2;

/** A server without routes: checks of requests, errors as data, bodies of bytes, the document of what is added. */
export async function bareServer(options: BareOptions): Promise<Api> {
  const api = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true }) as unknown as Api;
  api.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  answerErrors(api, options.hide, options.logger);
  await guardRequests(api, options);
  takeBytes(api);
  await describeApi(api);
  return api;
}

/** A service that is not listening yet. */
export async function buildServer(context: ServiceContext, options: ServerOptions): Promise<Api> {
  const closing = new AbortController();
  const api = await bareServer({ ...options, hide: context.hide });
  api.addHook("preClose", async () => closing.abort());
  await api.register(async (inner) => {
    const routes = inner as unknown as Api;
    await aboutRoutes(routes, context, options);
    await clipRoutes(routes, context);
    await checkRoutes(routes, context);
    await labelRoutes(routes, context);
    await regionRoutes(routes, context);
    await sessionRoutes(routes, context);
    await siteRoutes(routes, context);
    await siteReportRoutes(routes, context);
    await siteModelRoutes(routes, context);
    await jobRoutes(routes, context);
    await uploadRoutes(routes, context, options.maxUploadBytes);
    await systemRoutes(routes, context, options.tokens);
    await eventRoutes(routes, context, closing.signal);
    if (options.pages !== undefined) await studioRoutes(routes, options.pages);
  });
  await api.ready();
  return api;
}

async function describeApi(api: Api): Promise<void> {
  const { tsumugi } = await versionsInUse();
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "tsumugi", version: tsumugi, description: "See docs/service.md.", license: { name: "MIT" } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

async function aboutRoutes(api: Api, { roots }: ServiceContext, options: ServerOptions): Promise<void> {
  api.get(
    "/api",
    { schema: { tags: ["about"], summary: "What this service is.", response: answers(aboutBody) } },
    async () => {
      const { tsumugi, ...machine } = await versionsInUse();
      const { workers, maxUploadBytes } = options;
      return {
        version: tsumugi,
        ...machine,
        tasks: [...JOB_TASKS],
        roots: roots.map(({ name }) => name),
        workers,
        maxUploadBytes,
      };
    },
  );
  api.get("/api/openapi.json", { schema: { hide: true } }, async () => api.swagger());
}

/** Bodies that are no JSON are bytes. */
function takeBytes(api: Api): void {
  for (const type of ["application/octet-stream", /^image\//u])
    api.addContentTypeParser(type, { parseAs: "buffer" }, (_, body, done) => done(null, body));
}

function answerErrors(api: Api, hide: HidePaths, logger: Logger): void {
  api.setErrorHandler((error: FastifyError | UserError | Error, request, reply) => {
    const { status, body } = answerTo(error);
    if (status >= 500)
      logger.warn(`${request.method} ${request.routeOptions.url ?? "?"}: ${error.stack ?? error.message}`);
    return sendError(reply, status, hide(body));
  });
  api.setNotFoundHandler((request, reply) => {
    const what = `there is no ${request.method} ${request.url.split("?")[0]}`;
    return sendError(reply, 404, bodyOf(new UserError("service/missing", { what, todo: "see /api/openapi.json" })));
  });
}

type ErrorBody = z.output<typeof errorBody>;

function sendError(reply: FastifyReply, status: number, body: ErrorBody): FastifyReply {
  return reply.code(status).type("application/json").serializer(JSON.stringify).send(body);
}

/** An error as an answer. */
export function answerTo(error: FastifyError | UserError | Error): { status: number; body: ErrorBody } {
  if (error instanceof UserError) return { status: error.status, body: bodyOf(error) };
  const known = asUserError(error);
  if (known !== undefined) return { status: known.status, body: bodyOf(known) };
  return {
    status: 500,
    body: { error: { code: "internal", what: "internal error", message: "internal error; see the service's log" } },
  };
}

/** Errors of fastify itself. */
function asUserError(error: FastifyError | Error): UserError | undefined {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const { validation, validationContext = "request" } = error;
    const problems = validation.map(
      ({ instancePath, message }) => `${instancePath.slice(1).replaceAll("/", ".")}: ${message}`,
    );
    return new UserError("service/invalid", {
      what: `${validationContext}: ${problems.join("; ").replaceAll(/(^|; ): /gu, "$1")}`,
    });
  }
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status === 413) return new UserError("service/size", { what: "the request's body is too large" });
  if (status === 415)
    return new UserError("service/media", {
      what: messageOf(error),
      expected: "application/json, or the type that the route names",
    });
  if (status === 416) return new UserError("service/range", { what: "the range of bytes is not in the file" });
  if (status !== undefined && status >= 400 && status < 500)
    return new UserError("service/invalid", { what: messageOf(error) });
  return undefined;
}

function bodyOf({ code, message, parts }: UserError): ErrorBody {
  return { error: { code, message, ...parts } };
}
