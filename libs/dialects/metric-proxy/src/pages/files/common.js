import { askForLogin, authorization, forgetToken, refreshToken } from './login.js';

export const byId = (id) => document.getElementById(id);

/** An element. Texts become text, never markup: names and commands are whatever clients have sent. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(
    ...children
      .filter((child) => child !== null && child !== undefined)
      .map((child) => (child instanceof Node ? child : String(child))),
  );
  return element;
}

export const cells = (...contents) =>
  make(
    'tr',
    {},
    ...contents.map((content) => (content instanceof HTMLTableCellElement ? content : make('td', {}, content))),
  );
export const number = (value) =>
  make('td', { className: 'number' }, value === null || value === undefined ? '' : value);
export const link = (text, path, parameters = {}) =>
  make('a', { href: `${path}?${new URLSearchParams(parameters)}` }, text);

/** Unix seconds, or a time as text. */
export function time(value) {
  if (!value) return '';
  return new Date(typeof value === 'number' ? value * 1000 : value).toLocaleString();
}

/** What a server said when it refused. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(path, method, body) {
  const headers = { ...authorization(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  return fetch(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
    cache: 'no-store',
  });
}

/** One request to this server. JSON is parsed. Throws `Refused`; a login is asked for and the request repeated. */
export async function call(path, { method = 'GET', body } = {}) {
  let response = await send(path, method, body);
  if (response.status === 401 && (await refreshToken())) response = await send(path, method, body);
  while (response.status === 401) {
    forgetToken();
    await askForLogin();
    response = await send(path, method, body);
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text === '' ? null : JSON.parse(text);
  } catch {
    // An answer that is no JSON is shown as it is.
  }
  if (!response.ok)
    throw new Refused(
      response.status,
      answer?.operation ?? answer?.detail ?? `${response.status} ${text.slice(0, 300)}`,
    );
  return answer;
}

/** Shows what went wrong; an empty text takes it away. */
export function trouble(message) {
  const place = byId('trouble');
  place.textContent = message;
  place.hidden = message === '';
}

/** Repeats `work` while the page is seen. What fails is shown, and tried again. */
export function every(periodMs, work) {
  const again = async () => {
    try {
      if (!document.hidden) {
        await work();
        trouble('');
      }
    } catch (error) {
      trouble(error instanceof Refused ? error.message : `The server does not answer: ${error.message}`);
    }
    setTimeout(again, periodMs);
  };
  void again();
}

/** Puts at most `most` rows in place of what is there; a second text says how many are left out. */
export function fill(place, items, toRow, most, count) {
  place.replaceChildren(...items.slice(0, most).map(toRow));
  if (count)
    count.textContent = items.length > most ? `${most} of ${items.length}; use Find for the others` : `${items.length}`;
}

/** Calls `work` with the text of a search field, at each change. */
export function onFilter(work) {
  byId('filter').addEventListener('input', work);
  return () => byId('filter').value.trim().toLowerCase();
}
