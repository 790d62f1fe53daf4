import type { Tables } from '@drover/store';
import { FASTLANE_ENTITIES } from './entities.js';
import { CreateTasks1790000200000 } from './migrations/1790000200000-create-tasks.js';
import { AddTaskProjects1790000490001 } from './migrations/1790000490001-add-task-projects.js';
import { CheckFastlaneWords1790000901000 } from './migrations/1790000901000-check-fastlane-words.js';

/** fastlane's tables. A new migration is one file and one line here. */
export const tables: Tables = {
  entities: FASTLANE_ENTITIES,
  migrations: [CreateTasks1790000200000, AddTaskProjects1790000490001, CheckFastlaneWords1790000901000],
};
