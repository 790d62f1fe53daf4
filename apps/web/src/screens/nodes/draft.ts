import type { InviteNode } from '../../api/types.js';

/** The terms of an invitation as they are typed. */
export interface InvitationDraft {
  queues: string;
  labels: string;
  slots: string;
  expires_s: number;
  ticket_login: boolean;
}

export const NEW_DRAFT: InvitationDraft = { queues: '', labels: '', slots: '', expires_s: 3_600, ticket_login: false };

/** The body of a request. What is no label and no number goes along as such, so that the API says what is wrong with it. */
export function bodyOf({ queues, labels, slots, expires_s, ticket_login }: InvitationDraft): InviteNode {
  const names = queues.split(/[\s,]+/).filter((name) => name !== '');
  const pairs = labels
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? (['', pair] as const) : ([pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const);
    });
  const number = Number(slots);
  return {
    ...(names.length === 0 ? {} : { queues: names }),
    ...(pairs.length === 0 ? {} : { labels: Object.fromEntries(pairs) }),
    ...(slots.trim() === '' ? {} : { slots: Number.isFinite(number) ? number : (slots as unknown as number) }),
    expires_s,
    ticket_login,
  };
}

/** The first fault of each field of the draft, in the words of the API; of an item of a list, too. */
export const faultsByField = (faults: readonly { field: string; message: string }[]): ReadonlyMap<string, string> =>
  new Map(faults.toReversed().map(({ field, message }) => [field.split('.')[0] ?? field, message]));

/** An address of the API as a command takes it, without a slash at its end; null: the text is none. */
export function addressOf(text: string): string | null {
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) return null;
  const { origin, pathname } = new URL(trimmed);
  const address = `${origin}${pathname}`.replace(/\/+$/, '');
  // The line is pasted into a shell.
  return /^[\w@%+=:,./[\]-]+$/.test(address) ? address : null;
}

/** Whether an address leads every machine to itself. */
export function isOwnMachine(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
