import { describe, expect, it } from 'vitest';
import { buildInfo } from './definitions.js';
import { createLogger, type Logger } from './logger.js';
import { counter, expose, startProcessMetrics } from './metrics.js';
import { NestLogger } from './nest-logger.js';

function capture(level: 'info' | 'trace' = 'info'): { logger: Logger; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const logger = createLogger({ level, name: 'test', to: { write: (line: string) => void written.push(line) } });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('createLogger', () => {
  it('writes JSON lines with the level as a word', () => {
    const { logger, lines } = capture();
    logger.info({ job: 'j1' }, 'queued');
    logger.debug('not at this level');
    expect(lines()).toEqual([expect.objectContaining({ level: 'info', name: 'test', job: 'j1', msg: 'queued' })]);
  });

  it('masks secrets at any depth, in errors, in URLs and in the text itself', () => {
    const { logger, lines } = capture();
    const error = Object.assign(new Error('connect postgres://u:hunter2@h/db failed'), {
      config: { password: 'hunter2' },
    });
    logger.error(
      { err: error, headers: { Authorization: 'Bearer hunter2' }, list: [{ enrolmentToken: 'hunter2' }] },
      'no redis://:hunter2@h',
    );
    expect(JSON.stringify(lines())).not.toContain('hunter2');
    expect(lines()[0]).toMatchObject({
      headers: { Authorization: '***' },
      msg: 'no redis://:***@h',
      err: { type: 'Error' },
    });
  });

  it('cuts what would make a line endless', () => {
    const { logger, lines } = capture();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    logger.info({ loop, long: Array.from({ length: 5000 }, () => 1), raw: Buffer.alloc(5000) }, 'big');
    expect(JSON.stringify(lines()).length).toBeLessThan(2000);
  });
});

describe('NestLogger', () => {
  it('keeps context and stack as fields and puts start-up chatter to debug', () => {
    const { logger, lines } = capture('trace');
    const nest = new NestLogger(logger);
    nest.log('Mapped {/x, GET} route', 'RouterExplorer');
    nest.log('Serving', 'Api');
    nest.error('boom', 'Error: boom\n    at x.js:1:1', 'Api');
    expect(lines()).toMatchObject([
      { level: 'debug', context: 'RouterExplorer' },
      { level: 'info', context: 'Api', msg: 'Serving' },
      { level: 'error', context: 'Api', msg: 'boom', stack: 'Error: boom\n    at x.js:1:1' },
    ]);
  });
});

describe('metrics', () => {
  it('exposes what was counted beside the metrics of the process', async () => {
    startProcessMetrics();
    startProcessMetrics();
    counter('tested_total', 'Things tested', ['kind'] as const).inc({ kind: 'a' }, 2);
    buildInfo.set({ program: 'test', version: '0' }, 1);
    const { contentType, body } = await expose();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('drover_tested_total{kind="a"} 2');
    expect(body).toContain('drover_build_info{program="test",version="0"} 1');
    expect(body).toContain('process_resident_memory_bytes');
  });
});
