export { TREE_HEADER, urlOf } from './fetch-target.js';
export type { Ingestor, Timer } from './ports.js';
export { DROP_AFTER, ScrapeService, type ScrapeOptions } from './scrape.service.js';
export { TreeService } from './tree.service.js';
