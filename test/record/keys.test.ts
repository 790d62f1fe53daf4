import { getMetadataArgsStorage } from 'typeorm';
import { expect, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import { QUOTAS } from '@drover/domain';
import { ENTITIES } from '../../libs/store/src/entities/index.js';
import { sources } from '../house/sources.js';

/**
 * TypeORM takes rows for one whose keys are the same text when they are joined by "_": of ('a_b', 'c') and ('a', 'b_c')
 * it gives one. Keys with at most one text in them are safe.
 */
it('rows whose keys hold several texts are read by statements, as TypeORM may take two of them for one', async () => {
  const ofDialects = await Promise.all(DIALECTS.map(async ({ tables }) => (await tables?.())?.entities ?? []));
  const entities = [...ENTITIES, ...ofDialects.flat()];
  const ambiguous = entities
    .filter(
      (entity) =>
        getMetadataArgsStorage()
          .filterColumns(entity)
          .filter(({ options }) => options.primary && options.type === 'text').length > 1,
    )
    .map(({ name }) => name);
  expect(ambiguous).toContain('ProjectQuotaEntity');

  const read = sources('libs').flatMap(({ text }) =>
    [...text.matchAll(/\.entities\(\s*(\w+),[^;]*?\.find(?:By|AndCount|AndCountBy)?\(/g)].map(([, name]) => name),
  );
  expect(read).toContain('ProjectQuotaEntity');
  expect([...new Set(read)].filter((name) => ambiguous.includes(name as string))).toEqual(['ProjectQuotaEntity']);
});

it('the name of a quota tells its row apart from those of every project', () => {
  const endings = QUOTAS.filter((quota) => QUOTAS.some((other) => other.endsWith(`_${quota}`)));
  expect(endings).toEqual([]);
});
