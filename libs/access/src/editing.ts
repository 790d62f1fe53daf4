import { atLeast, type Role } from './roles.js';

/** The client or program that makes or changes a client. */
export interface Editor {
  client_id: string;
  role: Role;
}

/** A change of a client: the client as it is (null: a new one), and the role it shall have. */
export interface Edit {
  id: string;
  before: Role | null;
  after: Role;
}

/**
 * The role that stands in the way of a change; null: none does. Nobody edits a client above themselves, or makes one.
 * Unless `equals`, nobody edits another client of their own role either (a new key would take it over); admins may,
 * since nobody is above them.
 */
export function inTheWay(editor: Editor, edit: Edit, options: { equals: boolean }): Role | null {
  const { before, after } = edit;
  if (before !== null && !atLeast(editor.role, before)) return before;
  if (!atLeast(editor.role, after)) return after;
  const another = before !== null && edit.id !== editor.client_id;
  if (another && !options.equals && editor.role !== 'admin' && atLeast(before, editor.role)) return before;
  return null;
}
