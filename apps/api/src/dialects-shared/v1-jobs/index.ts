export { refusalOf, V1ErrorsFilter } from './errors.filter.js';
export { fromHostlist } from './hostlist.js';
export { cpusOf, mergedJob, payloadOf, share, type JobObject, type V1Payload } from './job-object.js';
export { authRefusal, hpcRefusal, Refusal, unprocessable } from './refusal.js';
export {
  coreStates,
  HPC_STATES,
  hpcState,
  isHpcState,
  isHpcTerminal,
  OBSERVED_STATE,
  shownText,
  type HpcState,
} from './states.js';
export { withoutTrailingSlash } from './trailing-slash.js';
export { V1Tokens, type V1User } from './tokens.js';
export { V1Guard, V1SuperuserGuard, beUser, takeLogin, type V1Request } from './v1.guard.js';
export { V1JobsModule } from './v1-jobs.module.js';
export { MOST_JOBS, V1JobsService, v1JobNotFound } from './v1-jobs.service.js';
export { boolean, integer, isGiven, isObject, last, merged, type Values } from './values.js';
export { readJson } from './read-json.js';
export { refuseOtherMethods } from './other-methods.js';
