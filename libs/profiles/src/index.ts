export { betterOf, unitOf } from './compare.js';
export { CurvesService } from './curves.service.js';
export { ProfilesService, type Comparison } from './profiles.service.js';
