import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes, send } from '../doors/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { PROJECT } from '../support/built.js';

const BUILT = join(PROJECT, 'dist/apps/web');
const PAGE = { accept: 'text/html,application/xhtml+xml' };
const KB = 1_000;

let api: TestApi;
let bare: TestApi;
beforeAll(async () => {
  [api, bare] = await Promise.all([
    startApi({ passive: true }),
    startApi({ passive: true, env: { DROVER_DIALECTS: 'flux' } }),
  ]);
});
afterAll(() => Promise.all([api?.close(), bare?.close()]));

const header = (head: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.+)$`, 'im').exec(head)?.[1]?.trim();

describe('the address /', () => {
  it('leads browsers to the console, with fastlane and without', async () => {
    for (const { url } of [api, bare])
      for (const method of ['GET', 'HEAD']) {
        const answer = await send(url, method, '/', PAGE);
        expect([answer.status, header(answer.head, 'location'), header(answer.head, 'vary')]).toEqual([
          302,
          '/ui/',
          'accept',
        ]);
      }
  });

  it('gives every other client the answer of fastlane, or none', async () => {
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }] as Record<string, string>[]) {
      const answer = await send(api.url, 'GET', '/', headers);
      expect([answer.status, answer.json]).toEqual([200, { redis: true, mongo: true, errors: [] }]);
      expect(header(answer.head, 'vary')).toBeUndefined();
      expect((await send(bare.url, 'GET', '/', headers)).status).toBe(404);
    }
  });
});

describe('the console', () => {
  it('is a page at each of its addresses, under a policy that lets in nothing but files of this server', async () => {
    for (const path of [
      '/ui/',
      '/ui/jobs?state=failed',
      '/ui/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55',
      '/ui/index.html',
    ]) {
      const answer = await send(api.url, 'GET', path);
      expect([path, answer.status, header(answer.head, 'content-type')]).toEqual([
        path,
        200,
        'text/html; charset=utf-8',
      ]);
      expect(header(answer.head, 'cache-control')).toBe('no-cache');
      expect(header(answer.head, 'content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(answer.text).toContain('<div id="root">');
      // No script and no style stands in the page itself.
      expect(answer.text).not.toMatch(/<script>|<style|\son\w+=|\sstyle=/);
    }
    // A node may have a name with a dot in it.
    expect((await send(api.url, 'GET', '/ui/nodes/n1.lab.example', PAGE)).status).toBe(200);
    expect(header((await send(api.url, 'GET', '/ui', PAGE)).head, 'location')).toBe('/ui/');
  });

  it('has files that browsers keep for ever, packed, and asks again for the page by its tag', async () => {
    const name = readdirSync(join(BUILT, 'assets')).find((one) => /^index-.+\.js$/.test(one)) ?? '';
    const path = `/ui/assets/${name}`;
    for (const [encoding, suffix] of [
      ['gzip, br', '.br'],
      ['gzip', '.gz'],
    ] as const) {
      const answer = await fetch(api.url + path, { method: 'HEAD', headers: { 'accept-encoding': encoding } });
      expect(answer.headers.get('content-length')).toBe(String(statSync(join(BUILT, 'assets', name + suffix)).size));
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('vary')).toBe('Accept-Encoding');
    }
    const plain = await send(api.url, 'GET', path);
    expect(plain.text.length).toBe(readFileSync(join(BUILT, 'assets', name)).length);
    const page = await fetch(`${api.url}/ui/`);
    const again = await fetch(`${api.url}/ui/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('gives nothing else out, whatever the path is made of, and takes nothing', async () => {
    for (const path of [
      '/ui/assets/none.js',
      '/ui/missing.js',
      '/ui/../package.json',
      '/ui/assets/../../../package.json',
      '/ui/%2e%2e/%2e%2e/package.json',
      '/ui/assets/%2e%2e%2f%2e%2e%2fpackage.json',
      '/ui//etc/passwd.txt',
      '/ui/assets/..%5c..%5cpackage.json',
      '/ui/%00.js',
      '/ui/%zz.js',
    ]) {
      const answer = await bytes(api.url, `GET ${path} HTTP/1.1\nhost: ${new URL(api.url).host}\n\n`);
      expect([path, answer.status]).toEqual([path, expect.toBeOneOf([400, 404])]);
      expect(answer.text).not.toContain('"name"');
    }
    const post = await send(api.url, 'POST', '/ui/', {}, 'x');
    expect([post.status, header(post.head, 'allow')]).toEqual([405, 'get, head']);
  });

  it('loads at first at most 180 kB, packed by gzip, and no screen adds more than its share', () => {
    const size = (name: string): number => {
      const packed = join(BUILT, 'assets', `${name}.gz`);
      return statSync(statSync(packed, { throwIfNoEntry: false }) ? packed : join(BUILT, 'assets', name)).size;
    };
    const names = readdirSync(join(BUILT, 'assets')).filter((name) => /\.(js|css)$/.test(name));
    /** The files that a script or page loads by itself, and those that these load. */
    const needs = (name: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(name)) return seen;
      seen.add(name);
      const text = readFileSync(join(BUILT, name.endsWith('.html') ? name : `assets/${name}`), 'utf8');
      const own = names.filter((other) =>
        name.endsWith('.html')
          ? text.includes(`/ui/assets/${other}`)
          : new RegExp(`(from|import)\\s*["'\`]\\./${other.replaceAll('.', '\\.')}["'\`]`).test(text),
      );
      for (const other of own) needs(other, seen);
      return seen;
    };
    const weigh = (files: Iterable<string>): number =>
      [...files].filter((name) => !name.endsWith('.html')).reduce((sum, name) => sum + size(name), 0);
    const first = needs('index.html');
    const withScreen = (screen: string): Set<string> => {
      const all = new Set(first);
      for (const name of names.filter((one) => new RegExp(`^${screen}-[\\w-]{8}\\.(js|css)$`).test(one)))
        needs(name, all);
      return all;
    };
    expect(weigh(first)).toBeGreaterThan(50 * KB);
    const screens = readdirSync(join(PROJECT, 'apps/web/src/screens'));
    expect(screens).toContain('timeline');
    for (const screen of screens) {
      expect(
        names.some((name) => name.startsWith(`${screen}-`)),
        screen,
      ).toBe(true);
      expect([screen, weigh(withScreen(screen)) <= 180 * KB, weigh(withScreen(screen))]).toEqual([
        screen,
        true,
        expect.any(Number),
      ]);
    }
    // Whoever opens a link to a line waits for little more than the first load.
    const more = weigh(withScreen('log')) - weigh(first);
    expect([more > 5 * KB, more <= 30 * KB, more]).toEqual([true, true, expect.any(Number)]);
  });
});
