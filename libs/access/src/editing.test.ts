import { expect, it } from 'vitest';
import { inTheWay, type Edit } from './editing.js';
import { atLeast, ROLES, type Role } from './roles.js';

const edit = (before: Role | null, after: Role, id = 'other'): Edit => ({ id, before, after });

it('lets nobody edit a client above themselves, make one, or raise one above themselves', () => {
  for (const role of ROLES) {
    for (const other of ROLES.filter((one) => !atLeast(role, one))) {
      expect(inTheWay({ client_id: 'me', role }, edit(other, 'viewer'), { equals: true })).toBe(other);
      expect(inTheWay({ client_id: 'me', role }, edit(null, other), { equals: true })).toBe(other);
      expect(inTheWay({ client_id: 'me', role }, edit('viewer', other, 'me'), { equals: true })).toBe(other);
    }
  }
});

it('keeps equals apart where the setting says so, but for admins and oneself', () => {
  const operator = { client_id: 'me', role: 'operator' } as const;
  expect(inTheWay(operator, edit('operator', 'operator'), { equals: true })).toBeNull();
  expect(inTheWay(operator, edit('operator', 'viewer'), { equals: false })).toBe('operator');
  expect(inTheWay(operator, edit('operator', 'operator', 'me'), { equals: false })).toBeNull();
  expect(inTheWay(operator, edit('submitter', 'operator'), { equals: false })).toBeNull();
  expect(inTheWay(operator, edit(null, 'operator'), { equals: false })).toBeNull();
  expect(inTheWay({ client_id: 'root', role: 'admin' }, edit('admin', 'viewer'), { equals: false })).toBeNull();
});
