import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';

/** One command of a page, with what the page shows of its output. */
interface ShownCommand {
  /** The line of the page, from 1. */
  line: number;
  /** The text that a reader types, continued lines included. */
  command: string;
  /** The lines that the page shows below it. */
  output: string[];
}

/** A block of a page, fenced or indented. */
export interface Block {
  line: number;
  /** The words behind the three backticks. */
  info: string;
  /** Why nobody can run it here; empty where it runs. */
  skip: string;
  text: string;
  commands: ShownCommand[];
}

const markdown = new MarkdownIt();
const PROMPT = '$ ';
/** A command goes on in the next line behind a backslash, or until its quotation marks are closed. */
const continues = (command: string): boolean =>
  command.endsWith('\\') || (command.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, '').match(/['"]/) ?? []).length > 0;

/** The blocks of a Markdown file. `console` blocks hold commands behind `$ ` and what they print. */
export function blocksOf(path: string): Block[] {
  return markdown
    .parse(readFileSync(path, 'utf8'), {})
    .filter((token) => token.type === 'fence' || token.type === 'code_block')
    .map((token) => {
      const line = (token.map?.[0] ?? 0) + 1;
      return {
        line,
        info: token.info.trim(),
        skip: /^console skip: (.+)$/.exec(token.info.trim())?.[1] ?? '',
        text: token.content,
        commands: commandsOf(token.content, line + 1),
      };
    });
}

function commandsOf(text: string, first: number): ShownCommand[] {
  const commands: ShownCommand[] = [];
  let open: ShownCommand | undefined;
  for (const [at, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const last = commands.at(-1);
    if (open) {
      open.command += `\n${line}`;
    } else if (line.startsWith(PROMPT)) {
      open = { line: first + at, command: line.slice(PROMPT.length), output: [] };
      commands.push(open);
    } else {
      last?.output.push(line);
    }
    if (open && !unfinished(open.command)) open = undefined;
  }
  return commands;
}

/** Whether a shell waits for more: a heredoc is open, or `continues`. */
function unfinished(command: string): boolean {
  const heredoc = /<<-?\s*'?(\w+)'?/.exec(command)?.[1];
  if (heredoc !== undefined) return !new RegExp(`\n${heredoc}$`).test(command);
  return continues(command);
}

/** An id: a UUID, or the number of a job of Flux. */
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<!\d)\d{19}(?!\d)/g;
/** Tokens that differ from run to run: ids, moments, numbers. `...` and the ellipsis stand for anything. */
const TOKENS =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<!\d)\d{19}(?!\d)|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\.\.\.|…|\d+(?:\.\d+)?|\s+/g;

/** The pattern of a line that a page shows, and the ids in it, in the order of the pattern's groups. */
function pattern(line: string): { pattern: RegExp; ids: string[] } {
  const ids: string[] = [];
  let source = '';
  let from = 0;
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const match of line.matchAll(TOKENS)) {
    source += literal(line.slice(from, match.index));
    from = match.index + match[0].length;
    const [token] = match;
    if (new RegExp(`^(?:${ID.source})$`).test(token)) {
      ids.push(token);
      source += `(${ID.source})`;
    } else if (token === '...' || token === '…') source += '.*';
    else if (/^\s+$/.test(token)) source += '\\s+';
    else if (/^\d{4}-/.test(token)) source += '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z?';
    else source += '-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?';
  }
  return { pattern: new RegExp(`^${source}${literal(line.slice(from))}\\s*$`), ids };
}

/** JSON is one long line: a page goes on with it in the next line, behind one space. */
const joined = (shown: readonly string[]): string[] =>
  shown.reduce<string[]>((lines, line) => {
    const above = lines.at(-1);
    if (above?.startsWith('{') && /^ \S/.test(line)) lines[lines.length - 1] = above + line.slice(1);
    else lines.push(line);
    return lines;
  }, []);

/**
 * Holds what was printed against what a page shows, line by line, and remembers which id of this run stands for which
 * one of the page. Throws with both texts where they differ, or where an id stands for two. A line of three dots stands
 * for any number of lines.
 */
export function compare(shown: readonly string[], printed: readonly string[], ids: Map<string, string>): void {
  const lines = joined(shown);
  const differ = (why: string): never => {
    throw new Error(`${why}\nThe page shows:\n${shown.join('\n')}\nIt printed:\n${printed.join('\n')}`);
  };
  let at = 0;
  for (const [index, line] of lines.entries()) {
    const anything = /^\s*(\.\.\.|…)\s*$/.test(line);
    if (anything) {
      const next = lines[index + 1];
      if (next === undefined) return;
      while (at < printed.length && !pattern(next).pattern.test(printed[at] as string)) at += 1;
      continue;
    }
    const wanted = pattern(line);
    const found = wanted.pattern.exec(printed[at] ?? '');
    if (found === null || at >= printed.length) return differ(`Line ${index + 1} differs: ${line}`);
    for (const [group, id] of wanted.ids.entries()) {
      const printedId = found[group + 1] as string;
      if ((ids.get(id) ?? printedId) !== printedId)
        return differ(`Line ${index + 1} has ${printedId} instead of ${ids.get(id)}, which the page calls ${id}`);
      ids.set(id, printedId);
    }
    at += 1;
  }
  if (at < printed.length && shown.length > 0) differ(`Line ${at + 1} was printed and is not shown`);
}

/** A text of a page with the ids of this run. */
export const withIds = (text: string, ids: ReadonlyMap<string, string>): string =>
  text.replaceAll(ID, (id) => ids.get(id) ?? id);
