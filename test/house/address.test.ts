import { expect, it } from 'vitest';
import { sources } from './sources.js';

const HOOK = 'apps/web/src/lib/address.ts';

it('only one hook of the console reads and changes the query of the address', () => {
  // Whoever changes what was drawn last loses what was changed since: useAddress begins with the newest address.
  const others = sources('apps/web/src').flatMap(({ path, text }) =>
    path === HOOK
      ? []
      : [...text.matchAll(/\b(useSearchParams|useLocation|location\.(search|hash))\b/g)].map(
          ([word]) => `${path}: ${word}`,
        ),
  );
  expect(others).toEqual([]);
});
