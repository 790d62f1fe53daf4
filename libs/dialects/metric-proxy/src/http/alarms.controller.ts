import { All, Controller, Get, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AlarmsService, ALARM_DEFAULTS, type Reading } from '@drover/alarms';
import { ALARM_OPERATORS, DroverError, type AlarmOperator } from '@drover/domain';
import { NeedsUnlessOpen, ChangesByGet, OnlyReads } from '@drover/http';
import { CountersService, FoundSeries } from '@drover/metrics';
import { OPEN_VALUE } from '../config.js';
import { jsonObject, NOT_JSON, queryValue, UNPARSABLE } from './body.js';
import { sendEnvelope, sendJson } from './envelope.js';
import { MetricProxyErrorsFilter } from './errors.filter.js';
import { readOnly, segmentsOf } from './paths.js';
import { pretty } from './pretty.js';

const OPERATOR_WORDS: Record<AlarmOperator, string> = { '>': 'More', '<': 'Less', '=': 'Equal' };
/** Names are shown and stored; nobody needs longer ones. */
const NAME_LENGTH = 1_000;

/** Alarms of single entries, as the metric proxy has them; those made through the native API are shown, too. */
@ApiTags('metric proxy')
@UseFilters(MetricProxyErrorsFilter)
@Controller()
export class MetricProxyAlarmsController {
  constructor(
    private readonly alarms: AlarmsService,
    private readonly counters: CountersService,
    private readonly series: FoundSeries,
  ) {}

  @OnlyReads()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @Get('alarms')
  @ApiOperation({ summary: 'The alarms that are raised, by entry' })
  async raised(@Res() response: Response): Promise<void> {
    await this.send(response, (reading) => reading.active);
  }

  @OnlyReads()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @Get('alarms/list')
  @ApiOperation({ summary: 'All alarms, by entry' })
  async list(@Res() response: Response): Promise<void> {
    await this.send(response, () => true);
  }

  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @Post('alarms/add')
  @ApiOperation({ summary: 'Add an alarm' })
  async add(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { name, target, metric, operation, value } = await this.asked(request);
    await this.counters.refresh();
    if (!this.counters.entry(target)) throw new DroverError('invalid', `Failed to locate job ${target}`);
    if (!this.series.find(target, metric)) throw new DroverError('invalid', `No such key ${metric} cannot get it`);
    if (!(ALARM_OPERATORS as readonly string[]).includes(operation))
      throw new DroverError('invalid', `No operator for ${operation} only has = < and >`);
    await this.alarms.create({
      ...ALARM_DEFAULTS,
      name,
      target_kind: 'entry',
      target,
      metric,
      operator: operation as AlarmOperator,
      threshold: value,
    });
    sendEnvelope(response, 'alarm registered', true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'operate')
  @All(['alarms/del', 'alarms/del/*rest'])
  @ApiOperation({ summary: 'Delete an alarm' })
  async del(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (segmentsOf(request).length !== 2) return sendEnvelope(response, request.path, false);
    let target: string;
    let name: string;
    if (request.method === 'POST') {
      const body = await jsonObject(request).catch((error: unknown) => {
        throw new DroverError(
          'invalid',
          `Failed to parse json ${error instanceof DroverError ? error.message : UNPARSABLE}`,
        );
      });
      if (typeof body['target'] !== 'string' || typeof body['name'] !== 'string')
        throw new DroverError('invalid', `Failed to parse json ${UNPARSABLE}`);
      [target, name] = [body['target'], body['name']];
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const asked = [queryValue(request, 'targetjob'), queryValue(request, 'name')];
      if (asked[0] === undefined || asked[1] === undefined)
        throw new DroverError('invalid', "Missing 'name' GET parameter");
      [target, name] = asked as [string, string];
    } else throw new DroverError('invalid', 'No such request type');
    await this.counters.refresh();
    if (!this.counters.entry(target))
      throw new DroverError('invalid', `Failed to delete Failed to locate job ${target}`);
    if (!(await this.alarms.deleteByName(target, name)))
      throw new DroverError('invalid', `Failed to delete Failed to remove alarm ${name}`);
    sendEnvelope(response, `Deleted ${name} from ${target}`, true);
  }

  @ChangesByGet()
  @NeedsUnlessOpen(OPEN_VALUE, 'read')
  @All(['alarms', 'alarms/*rest'])
  @ApiExcludeEndpoint()
  async others(@Req() request: Request, @Res() response: Response): Promise<void> {
    const [, second, ...more] = segmentsOf(request);
    if (second === 'add' && more.length === 0) {
      if (request.method === 'PUT' || request.method === 'POST') return this.add(request, response);
      return sendEnvelope(response, NOT_JSON, false);
    }
    if (second === 'del' && more.length === 0) return this.del(request, response);
    if (!readOnly(request, response)) return;
    if (second === undefined) return this.raised(response);
    if (second === 'list' && more.length === 0) return this.list(response);
    sendEnvelope(response, request.path, false);
  }

  private async send(response: Response, chosen: (reading: Reading) => boolean): Promise<void> {
    const parts = (await this.alarms.readings()).map(
      ({ entry, readings }) => `${JSON.stringify(entry.id)}:[${readings.filter(chosen).map(toJson).join(',')}]`,
    );
    sendJson(response, `{${parts.join(',')}}`);
  }

  private async asked(
    request: Request,
  ): Promise<{ name: string; target: string; metric: string; operation: string; value: number }> {
    const { name, target, metric, operation, value } = await jsonObject(request);
    const texts = [name, target, metric, operation];
    if (
      !texts.every((text) => typeof text === 'string' && text.isWellFormed() && !text.includes('\u0000')) ||
      typeof value !== 'number' ||
      !Number.isFinite(value)
    )
      throw new DroverError('invalid', UNPARSABLE);
    if ((name as string).length > NAME_LENGTH)
      throw new DroverError('invalid', `The name is longer than ${NAME_LENGTH} characters`);
    return { name, target, metric, operation, value } as {
      name: string;
      target: string;
      metric: string;
      operation: string;
      value: number;
    };
  }
}

/** Keys in their order. */
function toJson({ rule, series, current, active }: Reading): string {
  return JSON.stringify({
    name: rule.name,
    metric: rule.metric,
    operator: { [OPERATOR_WORDS[rule.operator]]: rule.threshold },
    current,
    active,
    pretty: pretty(rule.name, rule.metric, series, rule.operator, rule.threshold),
  });
}
