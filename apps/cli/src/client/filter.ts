import type { JobFilter } from '@drover/client';

/** The words before a colon that name one value. */
const SINGLE = ['queue', 'node', 'owner', 'dialect', 'name', 'parent', 'q'] as const;
/** The words whose values are a list, separated by commas. */
const LISTS = ['state', 'tag', 'cause'] as const;
const TIMES = ['created', 'started', 'finished'] as const;

const WORDS = [...SINGLE, ...LISTS, 'exit', ...TIMES.map((time) => `${time}>2h`)].join(', ');

/** A token: a word and its value, or a value alone; the value may stand in quotation marks. */
const TOKEN = /(?:([a-z]+)(:|>=?|<))?(?:"([^"]*)"|(\S+))/gy;

/**
 * The filter that a text says, e.g. `queue:builds state:failed,expired created>2h`: words and values, all of which have
 * to fit. `created>2h` means younger than two hours, `created<2h` older. Text without a word is looked for as `q`.
 *
 * @throws with the word that is not known, or the value that is none
 */
export function parseFilter(text: string): JobFilter {
  const filter: JobFilter = {};
  const loose: string[] = [];
  const rest = text.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < rest.length) {
    const match = TOKEN.exec(rest);
    if (!match) throw new Error(`The filter cannot be read from ${JSON.stringify(rest.slice(0, 40))} on.`);
    const [, word, sign, quoted, plain] = match;
    const value = quoted ?? plain ?? '';
    if (word === undefined || sign === undefined) loose.push(value);
    else take(filter, word, sign, value);
    while (rest[TOKEN.lastIndex] === ' ') TOKEN.lastIndex += 1;
  }
  if (loose.length > 0) filter.q = [filter.q, ...loose].filter((part) => part !== undefined).join(' ');
  return filter;
}

function take(filter: JobFilter, word: string, sign: string, value: string): void {
  if (value === '') throw new Error(`The filter gives ${word} no value.`);
  const single = SINGLE.find((name) => name === word);
  const list = LISTS.find((name) => name === word);
  const time = TIMES.find((name) => name === word);
  if (time && sign !== ':') filter[sign === '<' ? (`${time}_before` as const) : (`${time}_after` as const)] = value;
  else if (sign !== ':' || time) throw new Error(`The filter's ${word} takes ${time ? '> or <' : 'a colon'}.`);
  else if (single) filter[single] = value;
  else if (list) filter[list] = [...(filter[list] ?? []), ...value.split(',')] as never;
  else if (word === 'exit' && /^\d+$/.test(value)) filter.exit = Number(value);
  else throw new Error(`The filter's ${word}:${value} is not known. It knows ${WORDS}.`);
}
