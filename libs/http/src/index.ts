export { AccessGuard, ownLogin } from './access/access.guard.js';
export { LiveLogins } from './access/live-logins.js';
export { Logins, loginOf, presentOwner, requestOwner } from './access/login.js';
export { sessionCookieOf, sessionCookies } from './access/session-cookie.js';
export { DEMAND, DialectGuards, Needs, NeedsUnlessOpen, Open } from './access/marks.js';
export { Withdrawals } from './access/withdrawals.js';
export { allowedMethods } from './allowed-methods.js';
export { ApiProblems, problemDocs } from './api-problems.js';
export { isBodyProblem } from './bodies/body-problem.js';
export {
  BATCH_BODY_BYTES,
  BODY_BYTES,
  DEFAULT_BODY_BYTES,
  bodyRuleOf,
  takeBodyRules,
  type BodyEntry,
} from './bodies/body-rules.js';
export { BodyInterceptor } from './bodies/body.interceptor.js';
export { readBytes, readJsonBody, readJsonText } from './bodies/read-json.js';
export { hasBody } from './bodies/receive.js';
export { consoleAt } from './console-at.js';
export { fromCursor, toCursor } from './cursor.js';
export { serveDocsPage } from './docs-page.js';
export { Door } from './door/door.js';
export { ChangesByGet, OnlyReads } from './door/marks.js';
export { type DeclaredRoute, changesByGet, routesOf } from './door/routes.js';
export { Exposition } from './exposition.js';
export { EarlyHandlers } from './early/early-handlers.js';
export { Early } from './early/mark.js';
export { EarlyRoutes } from './early/early-routes.js';
export {
  IsCommand,
  IsCron,
  IsCursor,
  IsEnvironment,
  IsFreeObject,
  IsInstant,
  IsMoment,
  momentOf,
  IsJobId,
  IsLabels,
  IsNodeName,
  IsQueueName,
  IsRelativeGlob,
  IsWebUrl,
  Nested,
} from './fields.js';
export { Html, type Page, escapeHtml, html, sendPage, wantsPage } from './html.js';
export { RateLimiter } from './limits/rate-limiter.js';
export { RateGuard, demandRate } from './limits/rate.guard.js';
export type { AnswerDocs, BodyDocs, DialectDocs, ParameterDocs, RouteDocs, Schema } from './openapi/route-docs.js';
export * as shapes from './openapi/shapes.js';
export { OpenStreams } from './open-streams.js';
export { contentPolicy, installSafeHeaders } from './page-policy.js';
export { type Asked, ProblemFilter, toProblem } from './problem.filter.js';
export { acceptsGzip, parseRange } from './range.js';
export { requestLog } from './request-log.js';
export { retryHeaders, sayWhenToRetry } from './retry-after.js';
export { problem } from './problem.js';
export { sendRows } from './send-rows.js';
export { setTimeouts } from './server-timeouts.js';
export { SseStream, type SseEvent, lastEventId, sseData } from './sse.js';
export { LOOK, serveLook } from './serve-look.js';
export { isKnown, StaticFiles } from './static-files.js';
export { Valid, ValidLong, ValidOrAbsent } from './valid.pipe.js';
export { drained, inBuffers, writeOut } from './write-out.js';
