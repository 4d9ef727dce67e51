/**
 * @file The steps of the Redis queue that others see whole or not at all: scripts that Redis runs (Lua 5.1), one at a time.
 *
 * Keys, all behind one prefix in braces, so that a cluster keeps them together: `job:ID` (a hash, the job as in `Job`),
 * `state:STATE` (ids by age), `all` (likewise), `waiting` (ids that BullMQ has not been given yet, the next first),
 * `holders` (which job of a session goes first), `keys` (idempotency keys), `event` and `seq` (counters), `events` and
 * `events:ID` (streams). `jobs:…` is BullMQ's.
 */

/** Events that are kept at least, in all and of one job; the oldest go first. */
const KEPT_EVENTS = 20_000;

/** A job's name in BullMQ, which refuses plain numbers. */
export const ticketOf = (id: string): string => `job-${id}`;

const PRELUDE = `
local P = KEYS[1]
local function job(id) return P .. 'job:' .. id end
local function get(id, field) return redis.call('HGET', job(id), field) end
local function tell(id, kind, data, now)
  local n = redis.call('INCR', P .. 'event')
  for _, stream in ipairs({ P .. 'events', P .. 'events:' .. id }) do
    redis.call('XADD', stream, 'MAXLEN', '~', ${KEPT_EVENTS}, n .. '-0', 'job', id, 'time', now, 'kind', kind, 'data', data)
  end
end
local function move(id, state)
  redis.call('ZREM', P .. 'state:' .. (get(id, 'state') or state), id)
  redis.call('HSET', job(id), 'state', state)
  redis.call('ZADD', P .. 'state:' .. state, get(id, 'seq'), id)
end
local function holds(id, worker) return get(id, 'state') == 'running' and get(id, 'worker') == worker end
local function finish(id, state, error, now)
  move(id, state)
  redis.call('HSET', job(id), 'ended', now, 'worker', '', 'error', error)
  redis.call('ZREM', P .. 'waiting', id)
  local session = get(id, 'session')
  if session ~= '' and redis.call('HGET', P .. 'holders', session) == id then
    redis.call('HDEL', P .. 'holders', session)
  end
  tell(id, 'state', '{"state":"' .. state .. '"' .. (error ~= '' and ',"error":' .. error or '') .. '}', now)
end
local function requeue(id, failures, notBefore, now)
  move(id, 'queued')
  redis.call('HSET', job(id), 'worker', '', 'failures', failures, 'notBefore', notBefore)
  tell(id, 'state', '{"state":"queued"}', now)
end
local function release(id, now)
  if get(id, 'cancel') == '1' then finish(id, 'cancelled', '', now)
  else requeue(id, get(id, 'failures'), 0, now) end
end
`;

const SCRIPTS = {
  /** id, NewJob as JSON, session, priority, idempotency field or '', now → id of the job. */
  add: `
local id, given, session, priority, field, now = unpack(ARGV)
if field ~= '' then
  local known = redis.call('HGET', P .. 'keys', field)
  if known then return known end
  redis.call('HSET', P .. 'keys', field, id)
end
local seq = redis.call('INCR', P .. 'seq')
redis.call('HSET', job(id), 'given', given, 'session', session, 'field', field, 'seq', seq, 'created', now,
  'started', '', 'ended', '', 'notBefore', 0, 'failures', 0, 'attempts', 0, 'worker', '', 'progress', '', 'error', '',
  'cancel', 0)
move(id, 'queued')
redis.call('ZADD', P .. 'all', seq, id)
redis.call('ZADD', P .. 'waiting', seq - priority * 2 ^ 40, id)
tell(id, 'state', '{"state":"queued"}', now)
return id`,
  /** → ids that BullMQ is to be given: of one session only the first, until that has ended. */
  due: `
local due = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'waiting', 0, 9999)) do
  local session = get(id, 'session')
  local isFree = session == '' or redis.call('HSETNX', P .. 'holders', session, id) == 1
  if isFree or redis.call('HGET', P .. 'holders', session) == id then due[#due + 1] = id end
end
return due`,
  /** id, worker, now → 1 where the worker may begin; 0 where there is nothing to do any more. */
  begin: `
local id, worker, now = unpack(ARGV)
if get(id, 'state') == 'running' then release(id, now) end
if get(id, 'state') ~= 'queued' then return 0 end
move(id, 'running')
redis.call('HSET', job(id), 'worker', worker)
redis.call('HINCRBY', job(id), 'attempts', 1)
if get(id, 'started') == '' then redis.call('HSET', job(id), 'started', now) end
tell(id, 'state', '{"state":"running"}', now)
return 1`,
  /** id, worker, kind, data, now */
  report: `
local id, worker, kind, data, now = unpack(ARGV)
if not holds(id, worker) then return 0 end
if kind == 'progress' then redis.call('HSET', job(id), 'progress', data) end
tell(id, kind, data, now)
return 1`,
  /** id, worker, state, error as JSON or '', now → 1 where the worker held the job. */
  finish: `
local id, worker, state, error, now = unpack(ARGV)
if not holds(id, worker) then return 0 end
finish(id, state, error, now)
return 1`,
  /** id, worker, failures, notBefore, a line for the log as JSON or '', now → 1 where the worker held the job. */
  requeue: `
local id, worker, failures, notBefore, line, now = unpack(ARGV)
if not holds(id, worker) then return 0 end
if line ~= '' then tell(id, 'log', line, now) end
requeue(id, failures, notBefore, now)
return 1`,
  /** id, worker, now: a job whose worker is gone waits again → 1 where that worker held the job. */
  lost: `
local id, worker, now = unpack(ARGV)
if not holds(id, worker) then return 0 end
release(id, now)
return 1`,
  /** id, ticket, now: likewise where BullMQ found that nobody holds it. */
  stalled: `
local id, ticket, now = unpack(ARGV)
if get(id, 'state') == 'running' and redis.call('EXISTS', P .. 'jobs:' .. ticket .. ':lock') == 0 then release(id, now) end`,
  /** id, now → 1 where the job was waiting. */
  cancel: `
local id, now = unpack(ARGV)
local state = get(id, 'state')
if state == 'running' then redis.call('HSET', job(id), 'cancel', 1) end
if state ~= 'queued' then return 0 end
finish(id, 'cancelled', '', now)
return 1`,
  /** id → 1 where the job had ended and is forgotten. */
  remove: `
local id = ARGV[1]
if not get(id, 'ended') or get(id, 'ended') == '' then return 0 end
for _, event in ipairs(redis.call('XRANGE', P .. 'events:' .. id, '-', '+')) do
  redis.call('XDEL', P .. 'events', event[1])
end
redis.call('ZREM', P .. 'state:' .. get(id, 'state'), id)
redis.call('ZREM', P .. 'all', id)
if get(id, 'field') ~= '' then redis.call('HDEL', P .. 'keys', get(id, 'field')) end
redis.call('DEL', job(id), P .. 'events:' .. id)
return 1`,
} as const;

/** Names of the scripts. */
export type ScriptName = keyof typeof SCRIPTS;

/** The scripts with what they share, by name. */
export const scripts = Object.entries(SCRIPTS).map(([name, lua]) => ({ name: name as ScriptName, lua: PRELUDE + lua }));
