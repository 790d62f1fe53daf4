import type { Tables } from '@drover/store';
import { TESTFLINGER_ENTITIES } from './entities.js';
import { CreateTestflinger1790000100000 } from './migrations/1790000100000-create-testflinger.js';
import { CountArchives1790000710001 } from './migrations/1790000710001-count-archives.js';
import { CheckTestflingerWords1790000902000 } from './migrations/1790000902000-check-testflinger-words.js';

/** Testflinger's tables. A new migration is one file and one line here. */
export const tables: Tables = {
  entities: TESTFLINGER_ENTITIES,
  migrations: [CreateTestflinger1790000100000, CountArchives1790000710001, CheckTestflingerWords1790000902000],
};
