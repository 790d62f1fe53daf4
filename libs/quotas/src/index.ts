export { QuotasService, type ProjectView } from './quotas.service.js';
export { ArtifactIntake } from './artifact-intake.js';
export { ExecutionArtifacts, stale } from './execution-artifacts.js';
