import { CAUSES } from '@drover/domain';
import { CAUSE_TEXTS } from './cause-texts.js';

/** The page docs/reference/causes.md: `npm run docs` writes it. */
export function causesPage(): string {
  const rows = CAUSES.map((cause) => {
    const { meaning, remedy } = CAUSE_TEXTS[cause];
    return `| \`${cause}\` | ${meaning} | ${remedy ?? 'The detail of the job says who or what did it.'} |`;
  });
  return [
    '# States and causes',
    '',
    '<!-- `npm run docs` makes this page. -->',
    '',
    'A job ends as `succeeded`, `failed`, `cancelled` or `expired`. Where it did not succeed, `cause` says why in one word of the list',
    'below, and `cause_detail` in a sentence. [Concepts](../concepts.md#job) has the other states.',
    '',
    '| cause | what has happened | what helps |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
