export { QuotasService, type ProjectView } from './quotas.service.js';
export { ArtifactIntake } from './artifact-intake.js';
