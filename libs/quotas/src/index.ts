export { QuotasService, type ProjectView, type Room } from './quotas.service.js';
export { ArtifactIntake, type Incoming } from './artifact-intake.js';
