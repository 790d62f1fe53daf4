export { v1LoginSettings } from './config.js';
export { V1_REFUSAL, V1_SCHEMAS } from './docs.js';
export { V1ErrorsFilter, refusalOf } from './errors.filter.js';
export { fromHostlist } from './hostlist.js';
export { type JobObject, type V1Payload, cpusOf, mergedJob, payloadOf, share } from './job-object.js';
export { refuseOtherMethods } from './other-methods.js';
export { readJson } from './read-json.js';
export { Refusal, authRefusal, hpcRefusal, unprocessable } from './refusal.js';
export {
  HPC_STATES,
  type HpcState,
  OBSERVED_STATE,
  coreStates,
  hpcState,
  isHpcState,
  isHpcTerminal,
  shownText,
} from './states.js';
export { V1Tokens, type V1User } from './tokens.js';
export { withoutTrailingSlash } from './trailing-slash.js';
export { V1JobsModule } from './v1-jobs.module.js';
export { MOST_JOBS, V1JobsService, v1JobNotFound } from './v1-jobs.service.js';
export { V1Guard, type V1Request, V1SuperuserGuard, beUser, takeLogin } from './v1.guard.js';
export { type Values, boolean, integer, isGiven, isObject, last, merged } from './given-values.js';
