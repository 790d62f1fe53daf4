import type { Command } from 'commander';
import { isLoopback } from '@drover/config';
import { apiUrlOf } from '../client/session.js';
import { terminal } from '../terminal/terminal.js';

interface LoginOptions {
  api?: string;
  file?: string;
}

/** `drover login`, `drover logout`: a login that is kept for this user, and renews itself. */
export function addLogin(program: Command): void {
  program
    .command('login')
    .description(
      'log in with a client id and its key, which are asked for, or read from a file or standard input; only tokens are kept',
    )
    .option('--api <url>', 'where the API is (default: DROVER_API_URL)')
    .option(
      '--file <file>',
      'id and key on a line each, or as `drover clients create --json` writes them; - is standard input',
    )
    .action(async (options: LoginOptions) => {
      const [{ clientKey }, { logIn }, { writeLogin }] = await Promise.all([
        import('../login/key-source.js'),
        import('../login/oauth2.js'),
        import('../login/login-file.js'),
      ]);
      const url = apiUrlOf(options);
      const { protocol, hostname } = new URL(url);
      if (protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, '')))
        await terminal.say(`${url} is not encrypted: the key goes over the network in clear`);
      const { clientId, key } = await clientKey(options);
      const login = await logIn(url, clientId, key);
      await writeLogin(login);
      await terminal.out(
        `Logged in at ${url} as ${login.client_id}. Its token renews itself until the login ends (the API keeps one for some days); \`drover logout\` forgets it.\n`,
      );
    });
}

export function addLogout(program: Command): void {
  program
    .command('logout')
    .description('forget the login at this API')
    .option('--api <url>', 'where the API is (default: DROVER_API_URL)')
    .action(async (options: LoginOptions) => {
      const [{ forgetLogin, readLogin }, { revoke }] = await Promise.all([
        import('../login/login-file.js'),
        import('../login/oauth2.js'),
      ]);
      const url = apiUrlOf(options);
      const login = await readLogin(url).catch(() => null);
      const revoked = login !== null && (await revoke(login).catch(() => false));
      if (!(await forgetLogin(url))) await terminal.out(`There was no login at ${url}.\n`);
      else
        await terminal.out(
          revoked
            ? `Logged out at ${url}; its tokens were revoked.\n`
            : `Logged out at ${url}: the tokens are forgotten here. They end by themselves.\n`,
        );
    });
}
