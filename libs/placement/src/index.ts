export { explainPlacement, impossible } from './explain.js';
export { PlacementService } from './placement.service.js';
