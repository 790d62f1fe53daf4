import { readFile, stat } from 'node:fs/promises';
import { ask, canAsk, readStdin } from '../terminal/prompt.js';

export interface ClientKey {
  clientId: string;
  key: string;
}

/**
 * The client id and its key: from a file, from standard input, or asked for. Never from the command line, which others
 * can read.
 */
export async function clientKey({ file }: { file?: string }): Promise<ClientKey> {
  if (file !== undefined) return parse(await readKeyFile(file), file);
  if (!canAsk()) return parse(await readStdin(), 'Standard input');
  const clientId = (await ask('Client id: '))?.trim();
  if (!clientId) throw new Error('No client id was given.');
  const key = await ask('Key (not shown): ', { hidden: true });
  if (!key) throw new Error('No key was given.');
  return { clientId, key: key.trim() };
}

async function readKeyFile(file: string): Promise<string> {
  if (file === '-') return readStdin();
  const { mode } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code}).`);
  });
  if ((mode & 0o077) !== 0)
    throw new Error(
      `${file} holds a key and others can use it (mode ${(mode & 0o777).toString(8)}): \`chmod 600 ${file}\`.`,
    );
  return readFile(file, 'utf8');
}

/** `{"client_id": …, "key": …}` as `drover clients create --json` writes it, or the two on a line each. */
function parse(text: string, from: string): ClientKey {
  if (text.trimStart().startsWith('{')) {
    try {
      const { client_id: clientId, key } = JSON.parse(text) as { client_id?: unknown; key?: unknown };
      if (typeof clientId === 'string' && typeof key === 'string' && clientId !== '' && key !== '')
        return { clientId, key };
    } catch {
      // Said below.
    }
  } else {
    const [clientId = '', key = '', ...rest] = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (clientId !== '' && key !== '' && rest.length === 0) return { clientId, key };
  }
  throw new Error(
    `${from} must hold the client id on its first line and the key on its second, or {"client_id": "…", "key": "…"}.`,
  );
}
