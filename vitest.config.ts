import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

/** Files that measure times or bytes, or fill the machine: they run one at a time, with nothing beside them. */
const MEASURED = [
  'test/console/log-growing.test.ts',
  'test/flows/{full-disk,large-log,whole-logs}.test.ts',
  'test/limits/attacks.test.ts',
  'test/pages/docs.test.ts',
];

/**
 * Files that kill processes and wait for what comes of it, and those that walk pages in a browser: two at a time leave
 * the machine idle enough for their deadlines.
 */
const FLOWS = [
  'test/console/!(log-growing).test.ts',
  'test/containers/*.test.ts',
  'libs/dialects/*/test/**/*.flow.test.ts',
  'test/flows/!(api-away|wrong-clock|full-disk|large-log|whole-logs).test.ts',
  'test/cli/waiting.test.ts',
  'test/upgrade/rolling.test.ts',
];

/** Each dialect has its tests in its folder. They start real servers; `*.flow.test.ts` run with the flows. */
const OF_DIALECTS = ['libs/dialects/*/test/**/*.test.ts'];

/** What every project with real servers shares: the programs are built and one Postgres runs. */
const real = {
  globalSetup: ['test/support/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 180_000,
  // Four files run beside each other: a second, which is the default, is no deadline there.
  expect: { poll: { timeout: 15_000 } },
};

// Files share the modules of their process (`isolate: false`): loading the API's 1,600 modules anew takes longer than most files' tests.
export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // The groups run one after another: what waits a lot runs beside each other, what needs the machine has it.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs,bench,test/house}/**/*.test.ts'],
          exclude: OF_DIALECTS,
          testTimeout: 20_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...real,
          name: 'integration',
          include: ['test/**/*.test.ts', ...OF_DIALECTS],
          exclude: [...MEASURED, ...FLOWS, 'test/house/**'],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { ...real, name: 'flows', include: FLOWS, maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: { ...real, name: 'measured', include: MEASURED, fileParallelism: false, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
