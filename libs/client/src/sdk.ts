// The package @drover/sdk: clients/typescript builds it from this file.
import type { components } from './api.generated.js';

export { Drover, type DroverOptions, type RunOptions, type RunResult } from './drover.js';
export { ApiError, DroverError, UnreachableError, WaitTimeoutError } from './errors.js';
export { type LogPiece, type OutputStream } from './job-log.js';
export {
  type CallOptions,
  type JobLogOptions,
  type ListFilter,
  type ListOptions,
  type SubmitOptions,
  type WaitOptions,
} from './jobs.js';
export { type DroverClient } from './create-client.js';
export type { components, paths } from './api.generated.js';

type Schemas = components['schemas'];
export type Job = Schemas['JobDto'];
export type JobDetail = Schemas['JobDetailDto'];
export type SubmitJob = Schemas['SubmitJobDto'];
export type Artifact = Schemas['ArtifactDto'];
export type Queue = Schemas['QueueDto'];
export type Agent = Schemas['AgentDto'];
