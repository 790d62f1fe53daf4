import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AlarmsService } from '@drover/alarms';
import { DroverError } from '@drover/domain';
import { presentOwner, Needs, ApiProblems, Valid } from '@drover/http';
import { isUuid } from '@drover/jobs';
import { SilenceListDto, SilenceViewDto } from './alarm-views.dto.js';
import { SilenceDto } from './alarm.dto.js';
import { fromSilence, toSilence } from './translate.js';

@ApiTags('alarms')
@Controller('api/v1/alarms/silences')
export class SilencesController {
  constructor(private readonly alarms: AlarmsService) {}

  /**
   * Lists silences, also those of the last week that are over
   *
   * Each with its matchers, its end and who made it.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: SilenceListDto, description: 'Silences' })
  @ApiProblems()
  async list(): Promise<SilenceListDto> {
    return { silences: (await this.alarms.silences()).map(fromSilence) };
  }

  /**
   * Silences alarms for a time: they are recorded, but not told, and cancel nothing
   *
   * Matchers are those of Alertmanager: label, value, glob, equal. All of them have to fit.
   */
  @Needs('operate')
  @Post()
  @ApiCreatedResponse({ type: SilenceViewDto, description: 'The silence' })
  @ApiProblems(400, 413, 422)
  async create(@Body(Valid) body: SilenceDto): Promise<SilenceViewDto> {
    return fromSilence(await this.alarms.silence(toSilence(body, presentOwner(), new Date())));
  }

  /**
   * Ends a silence; what fires is told then
   *
   * A silence that is over already stays as it is.
   */
  @Needs('operate')
  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is over' })
  @ApiProblems(404)
  async end(@Param('id') id: string): Promise<void> {
    if (!isUuid(id)) throw new DroverError('not_found', `There is no silence ${id.slice(0, 100)}.`);
    await this.alarms.endSilence(id);
  }
}
