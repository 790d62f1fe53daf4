export { type Figure } from './compare.js';
export { ProfilesService } from './profiles.service.js';
