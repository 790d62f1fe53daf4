import { All, Controller, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { DroverError } from '@drover/domain';
import { NeedsUnlessOpen, ChangesByGet } from '@drover/http';
import { HttpCounters } from '@drover/metrics';
import { OPEN_VALUE } from '../config.js';
import { jsonObject, queryValue, UNPARSABLE } from './body.js';
import { sendEnvelope } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { segmentsOf } from './paths.js';

interface Asked {
  key: string;
  doc: string;
  value: number;
}

/** Counters of the sum of everything, changed over HTTP: GET with a query, or POST with JSON. */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@NeedsUnlessOpen(OPEN_VALUE, 'agent', 'submit')
@Controller()
export class MetricProxyPushController {
  constructor(private readonly counters: HttpCounters) {}

  @ChangesByGet()
  @All(['push', 'push/*rest'])
  @ApiOperation({ summary: 'Declare a counter' })
  @ApiQuery({ name: 'key' })
  @ApiQuery({ name: 'doc', required: false })
  async push(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (deeper(request, response)) return;
    const { key, doc } = await this.asked(request, { doc: true, value: request.method === 'POST' && 'unused' });
    await this.counters.declare(key, doc);
    sendEnvelope(response, 'push', true);
  }

  @ChangesByGet()
  @All(['accumulate', 'accumulate/*rest'])
  @ApiOperation({ summary: 'Add to a declared counter' })
  @ApiQuery({ name: 'key' })
  @ApiQuery({ name: 'value' })
  async accumulate(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (deeper(request, response)) return;
    const { key, value } = await this.asked(request, { doc: false, value: true });
    await this.counters.add(key, value);
    sendEnvelope(response, 'inc', true);
  }

  @ChangesByGet()
  @All(['set', 'set/*rest'])
  @ApiOperation({ summary: 'Set a declared counter' })
  @ApiQuery({ name: 'key' })
  @ApiQuery({ name: 'value' })
  async set(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (deeper(request, response)) return;
    const { key, value } = await this.asked(request, { doc: false, value: true });
    await this.counters.set(key, value);
    sendEnvelope(response, 'set', true);
  }

  private async asked(request: Request, needs: { doc: boolean; value: boolean | 'unused' }): Promise<Asked> {
    const refuse = (why: string): never => {
      throw new DroverError('invalid', `Error parsing parameters: ${why}`);
    };
    let from: (name: string) => unknown;
    if (request.method === 'POST') {
      const body = await jsonObject(request).catch((error: unknown) =>
        refuse(error instanceof DroverError ? error.message : UNPARSABLE),
      );
      from = (name) => body[name];
    } else if (request.method === 'GET' || request.method === 'HEAD') from = (name) => queryValue(request, name);
    else return refuse(`No such request type ${request.method}`);
    const key = from('key');
    const value = from('value');
    const doc = from('doc');
    if (typeof key !== 'string' || key === '') return refuse('key is missing');
    if (needs.value !== false && typeof value !== 'string' && typeof value !== 'number')
      return refuse('value is missing');
    if (request.method === 'POST' && needs.doc && typeof doc !== 'string') return refuse('doc is missing');
    return {
      key,
      doc: typeof doc === 'string' ? doc.toWellFormed().replaceAll('\u0000', '') : '',
      value: needs.value === true ? numberOf(value as string | number, refuse) : 0,
    };
  }
}

/** One way to read any text: a value of 60,000 digits and a letter must not be tried in all its parts. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/** A finite number as a program would write it. */
function numberOf(value: string | number, refuse: (why: string) => never): number {
  const number = typeof value === 'number' ? value : NUMBER.test(value.trim()) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : refuse('invalid float literal');
}

/** `/push/x`: nothing is there. True: it is answered. */
function deeper(request: Request, response: Response): boolean {
  if (segmentsOf(request).length === 1) return false;
  sendEnvelope(response, request.path, false);
  return true;
}
