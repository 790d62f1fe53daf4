import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AlarmsService, type ActiveAlarm } from '@drover/alarms';
import { DroverError, type AlarmRule } from '@drover/domain';
import { presentOwner, Needs, ApiProblems, fromCursor, toCursor, Valid } from '@drover/http';
import { isUuid } from '@drover/jobs';
import { AlarmActions } from '../../metrics/alarm-actions.js';
import {
  AlarmFiringListDto,
  AlarmHistoryDto,
  AlarmListDto,
  AlarmStateListDto,
  AlarmViewDto,
} from './alarm-views.dto.js';
import { AlarmDto, AlarmHistoryQueryDto } from './alarm.dto.js';
import { fromFiring, fromRule, fromState, fromTransition, toRule } from './translate.js';

/** Throws `not_found` for what is no id at all. */
function checked(id: string): string {
  if (!isUuid(id)) throw new DroverError('not_found', `There is no alarm ${id.slice(0, 100)}.`);
  return id;
}

type Filter = Parameters<AlarmsService['history']>[0];

/** A page of what the query asks for, and the cursor of the next. */
async function pageOf<T extends { id: string }>(
  { alarm, entry, cursor, limit = 100 }: AlarmHistoryQueryDto,
  read: (filter: Filter, limit: number) => Promise<T[]>,
): Promise<{ found: T[]; next: string | null }> {
  const before = fromCursor(cursor);
  const filter = {
    ...(alarm === undefined ? {} : { rule_id: checked(alarm) }),
    ...(entry === undefined ? {} : { entry }),
    ...(before === undefined ? {} : { before }),
  };
  const rows = await read(filter, limit + 1);
  const found = rows.slice(0, limit);
  return { found, next: toCursor(rows.length > limit ? (found.at(-1)?.id ?? null) : null) };
}

@ApiTags('alarms')
@Controller('api/v1/alarms')
export class AlarmsController {
  constructor(
    private readonly alarms: AlarmsService,
    private readonly actions: AlarmActions,
  ) {}

  /**
   * Lists all alarms, with where they are pending or fire
   *
   * Each entry that an alarm is about has a state of its own: pending, then firing.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: AlarmListDto, description: 'All alarms, in the order they were made' })
  @ApiProblems()
  async list(): Promise<AlarmListDto> {
    const rules = await this.alarms.list();
    const [active, fired] = await Promise.all([this.alarms.active(rules), this.alarms.lastFired(rules)]);
    const byRule = new Map<string, ActiveAlarm[]>();
    for (const one of active) {
      const known = byRule.get(one.rule_id);
      if (known) known.push(one);
      else byRule.set(one.rule_id, [one]);
    }
    return { alarms: rules.map((rule) => fromRule(rule, byRule.get(rule.id), fired.get(rule.id))) };
  }

  /**
   * Adds an alarm
   *
   * It is evaluated by the broker each second. A second one of the same name on the same target is refused: the first
   * stays.
   */
  @Needs('operate')
  @Post()
  @ApiCreatedResponse({ type: AlarmViewDto, description: 'The alarm' })
  @ApiProblems(400, 409, 413, 422)
  async create(@Body(Valid) body: AlarmDto): Promise<AlarmViewDto> {
    return fromRule(await this.alarms.create(toRule(body, presentOwner(), this.actions.mailPossible)));
  }

  /**
   * Lists the alarms that are pending or firing
   *
   * The entries, with the value they have now and since when.
   */
  @Needs('read')
  @Get('active')
  @ApiOkResponse({ type: AlarmStateListDto, description: 'Alarms that are not inactive' })
  @ApiProblems()
  async active(): Promise<AlarmStateListDto> {
    return { states: (await this.alarms.active(await this.alarms.list())).map(fromState) };
  }

  /**
   * Lists every change of state, the newest first
   *
   * Give `next` of the answer as `cursor` for the next page.
   */
  @Needs('read')
  @Get('history')
  @ApiOkResponse({ type: AlarmHistoryDto, description: 'Transitions' })
  @ApiProblems(422)
  async history(@Query(Valid) query: AlarmHistoryQueryDto): Promise<AlarmHistoryDto> {
    const { found, next } = await pageOf(query, (filter, limit) => this.alarms.history(filter, limit));
    return { transitions: found.map(fromTransition), next };
  }

  /**
   * Lists for what times alarms fired, the newest first
   *
   * Each with the job it was about and how it ended. A client sees the firings on jobs of its own project.
   */
  @Needs('read')
  @Get('firings')
  @ApiOkResponse({ type: AlarmFiringListDto, description: 'Firings' })
  @ApiProblems(404, 422)
  async firings(@Query(Valid) query: AlarmHistoryQueryDto): Promise<AlarmFiringListDto> {
    const { found, next } = await pageOf(query, (filter, limit) => this.alarms.firings(filter, limit));
    return { firings: found.map(fromFiring), next };
  }

  /**
   * Shows an alarm
   *
   * The rule, and the entries where it is pending or fires.
   */
  @Needs('read')
  @Get(':id')
  @ApiOkResponse({ type: AlarmViewDto, description: 'The alarm' })
  @ApiProblems(404)
  async get(@Param('id') id: string): Promise<AlarmViewDto> {
    return this.whole(await this.alarms.get(checked(id)));
  }

  /**
   * Replaces an alarm; where it is pending or fires it goes on doing so if the new condition holds
   *
   * The body is a whole rule, as for a new one. The name stays unique.
   */
  @Needs('operate')
  @Put(':id')
  @ApiOkResponse({ type: AlarmViewDto, description: 'The alarm as it is now' })
  @ApiProblems(400, 404, 409, 422)
  async replace(@Param('id') id: string, @Body(Valid) body: AlarmDto): Promise<AlarmViewDto> {
    const rule = await this.alarms.replace(checked(id), toRule(body, presentOwner(), this.actions.mailPossible));
    return this.whole(rule);
  }

  /**
   * Deletes an alarm; its history stays
   *
   * A firing of the alarm ends without a notice.
   */
  @Needs('operate')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is gone' })
  @ApiProblems(404)
  async delete(@Param('id') id: string): Promise<void> {
    await this.alarms.delete(checked(id));
  }

  private async whole(rule: AlarmRule): Promise<AlarmViewDto> {
    const [active, fired] = await Promise.all([this.alarms.active([rule]), this.alarms.lastFired([rule])]);
    return fromRule(rule, active, fired.get(rule.id));
  }
}
