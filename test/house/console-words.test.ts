import { expect, it } from 'vitest';
import { CAUSES, JOB_STATES } from '@drover/domain';
import { CAUSES as SHOWN_CAUSES, JOB_STATES as SHOWN_STATES } from '../../apps/web/src/api/types.js';

it('the console knows every state and every cause of the broker, in its order', () => {
  expect(SHOWN_STATES).toEqual(JOB_STATES);
  expect(SHOWN_CAUSES).toEqual(CAUSES);
});
