import { Controller, Get, Res, UseFilters, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { VERSION } from '@drover/config';
import { DialectGuards } from '@drover/http';
import { LabGuard } from '../access/lab.guard.js';
import { Everybody } from '../access/roles.decorator.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { text } from '../lab-answers.js';

@ApiTags('testflinger')
@DialectGuards()
@Controller('v1')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
export class RootController {
  @Get()
  @Everybody()
  @ApiOperation({ summary: 'Which server this is; agents poll it to see that it is there' })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: `Drover ${VERSION}, Testflinger Server API` } } })
  root(@Res() response: Response): void {
    text(response, `Drover ${VERSION}, Testflinger Server API`);
  }
}
