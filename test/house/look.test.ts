import { expect, it } from 'vitest';
import { page } from './sources.js';

/** The words of a block by name. */
const wordsOf = (css: string, opening: RegExp): Map<string, string> => {
  const block = opening.exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [String(name), String(value)]),
  );
};

it('the pages of the server have the colours and sizes of the console', () => {
  const [pages, console] = [page('libs/http/src/look/pages.css'), page('apps/web/src/ui/tokens.css')];
  const light = wordsOf(console, /^:root \{([^}]*)\}/m);
  const dark = wordsOf(console, /^:root\[data-theme='dark'\] \{([^}]*)\}/m);
  const ours = wordsOf(pages, /^:root \{([^}]*)\}/m);
  const oursDark = wordsOf(pages, /prefers-color-scheme: dark\) \{\s*:root \{([^}]*)\}/);
  expect(ours.size).toBeGreaterThan(15);
  expect(oursDark.size).toBeGreaterThan(10);
  for (const [name, value] of ours) expect([name, value]).toEqual([name, light.get(name)]);
  for (const [name, value] of oursDark) expect([name, value]).toEqual([name, dark.get(name)]);
  // A word that differs in the dark differs here, too.
  for (const name of ours.keys()) if (dark.has(name)) expect(oursDark.has(name), name).toBe(true);
  const used = new Set([...pages.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
  expect([...ours.keys()].filter((name) => !used.has(name))).toEqual([]);
});
