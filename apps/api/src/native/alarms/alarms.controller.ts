import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AlarmsService } from '@drover/alarms';
import { DroverError, type AlarmRule } from '@drover/domain';
import { presentOwner, Needs, ApiProblems, fromCursor, toCursor, Valid } from '@drover/http';
import { isUuid } from '@drover/jobs';
import { AlarmActions } from '../../metrics/alarm-actions.js';
import { AlarmHistoryDto, AlarmListDto, AlarmStateListDto, AlarmViewDto } from './alarm-views.dto.js';
import { AlarmDto, AlarmHistoryQueryDto } from './alarm.dto.js';
import { fromRule, fromState, fromTransition, toRule } from './translate.js';

/** Throws `not_found` for what is no id at all. */
function checked(id: string): string {
  if (!isUuid(id)) throw new DroverError('not_found', `There is no alarm ${id.slice(0, 100)}.`);
  return id;
}

@ApiTags('alarms')
@Controller('api/v1/alarms')
export class AlarmsController {
  constructor(
    private readonly alarms: AlarmsService,
    private readonly actions: AlarmActions,
  ) {}

  /** Lists all alarms, with where they are pending or fire */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: AlarmListDto, description: 'All alarms, in the order they were made' })
  @ApiProblems()
  async list(): Promise<AlarmListDto> {
    const [rules, states] = await Promise.all([this.alarms.list(), this.alarms.states()]);
    return { alarms: rules.map((rule) => fromRule(rule, states)) };
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
    return fromRule(await this.alarms.create(toRule(body, presentOwner(), this.actions.mailPossible)), []);
  }

  /** Lists the alarms that are pending or firing */
  @Needs('read')
  @Get('active')
  @ApiOkResponse({ type: AlarmStateListDto, description: 'Alarms that are not inactive' })
  @ApiProblems()
  async active(): Promise<AlarmStateListDto> {
    const [rules, states] = await Promise.all([this.alarms.list(), this.alarms.states()]);
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    return {
      states: states
        .filter((state) => byId.has(state.rule_id))
        .map((state) => fromState(state, byId.get(state.rule_id) as AlarmRule)),
    };
  }

  /** Lists every change of state, the newest first */
  @Needs('read')
  @Get('history')
  @ApiOkResponse({ type: AlarmHistoryDto, description: 'Transitions' })
  @ApiProblems(422)
  async history(@Query(Valid) query: AlarmHistoryQueryDto): Promise<AlarmHistoryDto> {
    const limit = query.limit ?? 100;
    const before = fromCursor(query.cursor);
    const filter = {
      ...(query.alarm === undefined ? {} : { rule_id: checked(query.alarm) }),
      ...(query.entry === undefined ? {} : { entry: query.entry }),
      ...(before === undefined ? {} : { before }),
    };
    const transitions = await this.alarms.history(filter, limit + 1);
    const shown = transitions.slice(0, limit);
    return {
      transitions: shown.map(fromTransition),
      next: toCursor(transitions.length > limit ? (shown.at(-1)?.id ?? null) : null),
    };
  }

  /** Shows an alarm */
  @Needs('read')
  @Get(':id')
  @ApiOkResponse({ type: AlarmViewDto, description: 'The alarm' })
  @ApiProblems(404)
  async get(@Param('id') id: string): Promise<AlarmViewDto> {
    const [rule, states] = await Promise.all([this.alarms.get(checked(id)), this.alarms.states()]);
    return fromRule(rule, states);
  }

  /** Replaces an alarm; where it is pending or fires it goes on doing so if the new condition holds */
  @Needs('operate')
  @Put(':id')
  @ApiOkResponse({ type: AlarmViewDto, description: 'The alarm as it is now' })
  @ApiProblems(400, 404, 409, 422)
  async replace(@Param('id') id: string, @Body(Valid) body: AlarmDto): Promise<AlarmViewDto> {
    const rule = await this.alarms.replace(checked(id), toRule(body, presentOwner(), this.actions.mailPossible));
    return fromRule(rule, await this.alarms.states());
  }

  /** Deletes an alarm; its history stays */
  @Needs('operate')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is gone' })
  @ApiProblems(404)
  async delete(@Param('id') id: string): Promise<void> {
    await this.alarms.delete(checked(id));
  }
}
