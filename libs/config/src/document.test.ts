import { expect, it } from 'vitest';
import { settingsDocument } from './document.js';

it('docs/settings.md lists every setting as the code reads it (vitest -u writes it anew)', async () => {
  await expect(settingsDocument()).toMatchFileSnapshot('../../../docs/settings.md');
});
