/** A text as one word of a POSIX shell. */
export const quoted = (text: string): string =>
  text !== '' && /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command in one line: a list is quoted word by word, a text is as it was given. */
export const commandLine = (command: string | readonly string[] | null): string =>
  command === null ? '' : typeof command === 'string' ? command : command.map(quoted).join(' ');
