import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** The acts of a page beside showing itself. */
export interface Watched {
  page: Page;
  /** Requests to any other origin than the page's own. */
  foreign: string[];
  /** Exceptions and errors on its console, refusals of its policy among them. */
  errors: string[];
  /** Method and path, in order. */
  requests: string[];
}

/**
 * Debian's Chromium, headless. `resolve`: names that stand for an address here, as a DNS server could say; pages of
 * them may then ask this machine, as all pages could before browsers began to ask their users.
 */
export async function openBrowser({
  resolve = [],
}: { resolve?: [name: string, address: string][] } = {}): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`These tests need ${CHROMIUM} (Debian's package chromium).`);
  const rules = resolve.map(([name, address]) => `MAP ${name} ${address}`).join(', ');
  // Its sandbox refuses to run as root.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    ...(rules === ''
      ? []
      : [
          `--host-resolver-rules=${rules}`,
          '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
        ]),
  ];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A page in a session of its own. */
export async function watch(browser: Browser, origin: string): Promise<Watched> {
  const context = await browser.newContext({ baseURL: origin });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const watched: Watched = { page, foreign: [], errors: [], requests: [] };
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol === 'data:') return;
    if (url.origin === origin) watched.requests.push(`${request.method()} ${url.pathname}${url.search}`);
    else watched.foreign.push(request.url());
  });
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') watched.errors.push(message.text());
  });
  return watched;
}
