import { readFileSync } from 'node:fs';
import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Open, contentPolicy } from '@drover/http';
import { MetricProxyErrorsFilter } from '../http/errors.filter.js';

const PAGES = ['index', 'jobs', 'job_view', 'alarms', 'profiles', 'topology'] as const;
const PARTS = ['common.js', 'login.js', ...PAGES.filter((name) => name !== 'index').map((name) => `${name}.js`)];

/** Nothing but our own files runs or is asked, whatever names and texts clients have pushed. */
const POLICY = contentPolicy(
  { 'script-src': "'self'", 'style-src': "'self'", 'connect-src': "'self'", 'img-src': 'data:' },
  true,
);

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Read once: what is served is a closed list, and a request never names a path. */
const FILES = new Map(
  [...PAGES.map((name) => `${name}.html`), ...PARTS].map((name) => [
    name,
    readFileSync(new URL(`./files/${name}`, import.meta.url)),
  ]),
);

/** The same page with a bare first tag: proxies look for exactly that. */
const SIGN = Buffer.from(String(FILES.get('index.html')).replace('<html lang="en">', '<html>'));

/** Pages over the same routes that other clients use. They hold nothing worth a login; what they ask for does. */
@ApiExcludeController()
@UseFilters(MetricProxyErrorsFilter)
@Open()
@Controller()
export class MetricProxyPagesController {
  @Get(PAGES.map((name) => `${name}.html`))
  page(@Req() request: Request, @Res() response: Response): void {
    send(response, request.path.replaceAll('/', ''));
  }

  /** Proxies of 2026 look here to tell a proxy from an exporter. */
  @Get('is_admire_proxy.html')
  sign(@Res() response: Response): void {
    send(response, 'index.html', SIGN);
  }

  @Get('pages/:file')
  part(@Param('file') file: string, @Res() response: Response): void {
    if (PARTS.includes(file)) send(response, file);
    else response.status(404).end();
  }
}

function send(response: Response, name: string, body = FILES.get(name) as Buffer): void {
  response.writeHead(200, {
    'Content-Type': TYPES[name.slice(name.lastIndexOf('.') + 1)] as string,
    'Content-Length': body.length,
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': POLICY,
  });
  response.end(body);
}
