export { compareFigures, figuresOf, median, medianFigures, type Figure } from './compare.js';
export { mergeSeries } from './merge.js';
export type { MetricsSource } from './ports.js';
export { MAX_OF_COMMAND, ProfilesService, type ClientJob } from './profiles.service.js';
