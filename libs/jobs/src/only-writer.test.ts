import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';

/** Files of apps and libs, without tests and migrations, whose text matches. */
const filesWith = (text: RegExp): string[] =>
  globSync('{apps,libs}/**/*.ts')
    .filter((file) => !/\.test\.ts$|\/migrations\/|\/dist\//.test(file))
    .filter((file) => text.test(readFileSync(file, 'utf8')))
    .sort();

const outside = (folder: string, files: string[]): string[] => files.filter((file) => !file.startsWith(folder));

describe('libs/jobs', () => {
  it('alone calls the functions of the record that change the state of a job', () => {
    const callers = filesWith(
      /jobStore\.(accept|claim|claimNext|patch|toTheEnd|delete)\(|claimPlaced\(sql|claimPlaced\(\n/,
    );
    expect(callers).toContain('libs/jobs/src/changes.ts');
    expect(outside('libs/jobs/', callers).filter((file) => file !== 'libs/store/src/placed-claim.store.ts')).toEqual(
      [],
    );
  });

  it('is behind every statement that sets the state of a job', () => {
    const statements = filesWith(/UPDATE job\s+SET state|INSERT INTO job \(/);
    expect(statements).toEqual(['libs/store/src/job.sql.ts', 'libs/store/src/placement.sql.ts']);
  });

  it('moves a job by the table of transitions only: nobody forges a transition', () => {
    expect(filesWith(/as Transition\b|newAttempt: (true|false)/)).toEqual(['libs/domain/src/transitions.ts']);
  });
});
