import {
  Body,
  Controller,
  Delete,
  HttpCode,
  Param,
  Put,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { SecretsService } from '@drover/access';
import { loginOf, DialectGuards } from '@drover/http';
import { LabGuard } from '../access/lab.guard.js';
import { Submitters } from '../access/roles.decorator.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { text } from '../lab-answers.js';
import { LabError, validationError } from '../lab-error.js';
import { fit, SECRET, type SecretBody } from '../schema/body-schemas.js';

const PATH = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;

/** Secrets of a client: written here, read by nobody but the agents that run its jobs. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/secrets')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class SecretsController {
  constructor(private readonly secrets: SecretsService) {}

  @Put(':client_id/*path')
  @Submitters()
  @ApiParam({ name: 'path', example: 'ci/token' })
  @ApiOperation({
    summary: 'Store a secret',
    description:
      'For a year unless said otherwise; `expire_after` in seconds, null: never; `ephemeral`: gone after its first use.',
  })
  @ApiBody({ schema: { type: 'object', required: ['value'], example: { value: 'hunter2', expire_after: 86_400 } } })
  @ApiResponse({ status: 200, schema: { example: { expires_at: '2027-01-01T00:00:00+00:00' } } })
  async put(
    @Param('client_id') clientId: string,
    @Param('path') parts: string[] | string,
    @Req() request: Request,
    @Body() body: unknown,
  ): Promise<{ expires_at: string | null }> {
    const path = this.check(request, clientId, parts);
    const { value, expire_after, ephemeral } = fit<SecretBody>(SECRET, body);
    if (ephemeral && expire_after !== undefined && expire_after !== null)
      throw validationError({ expire_after: ['Cannot stand beside ephemeral.'] });
    const stored = await this.secrets.put(clientId, path, value, {
      ...(expire_after === undefined ? {} : { expireAfterS: expire_after }),
      ephemeral: ephemeral ?? false,
    });
    return {
      expires_at: stored.expires_at === null ? null : stored.expires_at.toISOString().replace(/\.\d+Z$/, '+00:00'),
    };
  }

  @Delete(':client_id/*path')
  @HttpCode(200)
  @Submitters()
  @ApiParam({ name: 'path', example: 'ci/token' })
  @ApiOperation({ summary: 'Delete a secret' })
  @ApiResponse({ status: 200, content: { 'text/plain': { example: 'OK' } } })
  async remove(
    @Param('client_id') clientId: string,
    @Param('path') parts: string[] | string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const path = this.check(request, clientId, parts);
    await this.secrets.delete(clientId, path);
    text(response, 'OK');
  }

  /** Only the owner comes near. */
  private check(request: Request, clientId: string, parts: string[] | string): string {
    const { permissions } = loginOf(request).principal;
    if (!permissions || permissions.client_id === '') throw new LabError(401, 'Authentication required to use secrets');
    if (permissions.client_id !== clientId) throw new LabError(403, 'Secrets of another client');
    const path = Array.isArray(parts) ? parts.join('/') : parts;
    if (!PATH.test(path) || path.length > 1_000)
      throw validationError({ path: ['String does not match expected pattern.'] });
    return path;
  }
}
