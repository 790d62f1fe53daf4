import { expect, it } from 'vitest';
import { likedName, withLikedNames } from './rename.js';

it.each([
  ['hpc_job_state_total', 'gauge', 'hpc_job_state_number'],
  ['hpc_node_job_count', 'gauge', 'hpc_node_job_number'],
  ['hpc_job_total', 'counter', 'hpc_job_total'],
  ['pushed', 'counter', 'pushed_total'],
  ['run_seconds', 'histogram', 'run_seconds'],
  ['level', 'gauge', 'level'],
  ['anything_total', 'untyped', 'anything_total'],
])('%s, a %s, is liked as %s', (name, type, liked) => {
  expect(likedName(name, type)).toBe(liked);
});

it('changes help, type and samples of a family, and nothing else', () => {
  const text =
    '# HELP a_total A of a_total\n# TYPE a_total gauge\na_total{x="a_total"} 1\na_total 2\n# TYPE a_total_b gauge\na_total_b 3\n# EOF\n';
  expect(withLikedNames(text)).toBe(
    '# HELP a_number A of a_total\n# TYPE a_number gauge\na_number{x="a_total"} 1\na_number 2\n# TYPE a_total_b gauge\na_total_b 3\n# EOF\n',
  );
});

it('leaves a family as it is where the other name is taken', () => {
  const text = '# TYPE a_total gauge\na_total 1\n# TYPE a_number gauge\na_number 2\n';
  expect(withLikedNames(text)).toBe(text);
});
