import { describe, expect, it } from 'vitest';
import { isOwnPage, senderOf } from './origins.js';

const host = 'localhost:8080';
const own = new Set(['https://drover.example']);
const of = (headers: Record<string, string>): string =>
  senderOf({ host, ...headers }, own, (origin) => origin === 'https://console.example');
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140', 'accept-language': 'en-GB' };

describe('who sends a request', () => {
  it.each<[string, Record<string, string>]>([
    ['curl', { 'user-agent': 'curl/8.5', accept: '*/*' }],
    ['Python', { 'user-agent': 'python-requests/2.32', accept: '*/*' }],
    ["Node's fetch", { 'user-agent': 'node', 'accept-language': '*', 'sec-fetch-mode': 'cors' }],
    ['PowerShell', { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; en-US) WindowsPowerShell/5.1' }],
    ['nothing at all', {}],
    ['our own page', { ...BROWSER, origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
    [
      'our own page over plain HTTP on another machine',
      { ...BROWSER, host: '10.0.0.5:8080', origin: 'http://10.0.0.5:8080' },
    ],
    ['our own page, its GET', { ...BROWSER, host: '10.0.0.5:8080', referer: 'http://10.0.0.5:8080/alarms.html' }],
    ['an address that was typed', { ...BROWSER, 'sec-fetch-site': 'none' }],
    ['our own page on the port of its scheme', { ...BROWSER, host: 'drover.lan', origin: 'http://drover.lan' }],
    [
      'our own page behind a proxy with TLS',
      { ...BROWSER, host: 'drover.lan', origin: 'https://drover.lan', 'sec-fetch-site': 'same-origin' },
    ],
    ['our own page behind a proxy that writes a port', { host: 'drover.lan:443', origin: 'https://drover.lan' }],
    [
      'our own page behind a proxy that changes Host',
      { ...BROWSER, host: '127.0.0.1:8080', origin: 'https://drover.example', 'sec-fetch-site': 'same-origin' },
    ],
  ])('%s is own', (_, headers) => {
    expect(of(headers)).toBe('own');
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['another site that says so twice', { origin: 'http://localhost:8080, https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    [
      'the same port of another name of this machine',
      { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'cross-site' },
    ],
    ['a page whose name begins as ours', { origin: 'http://localhost:8080.evil.example' }],
    ['a page with a login in its origin', { origin: 'http://localhost:8080@evil.example' }],
    ['an extension', { origin: 'chrome-extension://abcdef' }],
    ['a file', { origin: 'file://' }],
    ['nothing readable', { origin: '' }],
    ['a cross-site GET', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site GET', { 'sec-fetch-site': 'same-site' }],
    ['a site in a word that is none', { 'sec-fetch-site': 'SAME-ORIGIN' }],
    ['a browser that says nothing', BROWSER],
    ['a browser that comes from elsewhere', { ...BROWSER, referer: 'http://evil.example/' }],
    ['a browser with a broken referer', { ...BROWSER, referer: 'x' }],
  ])('%s is foreign', (_, headers) => {
    expect(of(headers)).toBe('foreign');
  });

  it('a named origin is named, wherever the browser says it stands', () => {
    expect(of({ origin: 'https://console.example', 'sec-fetch-site': 'cross-site' })).toBe('named');
    expect(of({ origin: 'http://console.example' })).toBe('foreign');
    expect(of({ 'sec-fetch-site': 'cross-site', referer: 'https://console.example/' })).toBe('foreign');
  });
});

describe('a session counts', () => {
  const counts = (headers: Record<string, string>): boolean => isOwnPage({ host, ...headers }, own);

  it.each<[string, Record<string, string>]>([
    ['our own page', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }],
    ['our own page, its GET', { 'sec-fetch-site': 'same-origin' }],
    ['our own page over plain HTTP', { host: '10.0.0.5:8080', referer: 'http://10.0.0.5:8080/ui/jobs' }],
    ['our own page over plain HTTP, its POST', { host: '10.0.0.5:8080', origin: 'http://10.0.0.5:8080' }],
    ['our own page behind a proxy that changes Host', { origin: 'https://drover.example' }],
  ])('for a request of %s', (_, headers) => {
    expect(counts(headers)).toBe(true);
  });

  it.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['an address that was typed', { ...BROWSER, 'sec-fetch-site': 'none' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a subdomain, or another port of this host', { 'sec-fetch-site': 'same-site' }],
    ['a link on another site', { ...BROWSER, referer: 'https://evil.example/' }],
    ['a page that sends no Referer', { ...BROWSER }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['another origin, whatever else it says', { origin: 'http://localhost:9', 'sec-fetch-site': 'same-origin' }],
    ['a page that another setting lets in', { origin: 'https://console.example' }],
    ['a host that begins as ours', { referer: 'http://localhost:8080.evil.example/' }],
  ])('not for a request of %s', (_, headers) => {
    expect(counts(headers)).toBe(false);
  });
});
