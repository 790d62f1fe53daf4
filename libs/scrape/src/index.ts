export { TREE_HEADER, urlOf } from './fetch-target.js';
export { DROP_AFTER, ScrapeService } from './scrape.service.js';
export { TreeService } from './tree.service.js';
