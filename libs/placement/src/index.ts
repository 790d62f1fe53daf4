export { explainPlacement, impossible } from './explain.js';
export { PlacementService, type PlacementOptions } from './placement.service.js';
