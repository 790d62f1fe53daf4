import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Post,
  Req,
  Res,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiExcludeEndpoint, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ACCESS_TOKEN_S, ClientsService, TokensService } from '@drover/access';
import { type Config, CONFIG, settingsOf } from '@drover/config';
import { DialectGuards, ChangesByGet } from '@drover/http';
import { testflingerSettings } from '../../config.js';
import { LabGuard } from '../access/lab.guard.js';
import { Admins, Everybody } from '../access/roles.decorator.js';
import { basicOf } from '../basic.js';
import { LabErrorsFilter } from '../errors.filter.js';
import { JsonBodyInterceptor } from '../json-body.interceptor.js';
import { text } from '../lab-answers.js';
import { LabError } from '../lab-error.js';
import { fit, REFRESH_TOKEN } from '../schema/body-schemas.js';

const TOKEN_EXAMPLE = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9…',
  token_type: 'Bearer',
  expires_in: ACCESS_TOKEN_S,
  refresh_token: 'wJalrXUtnFEMI…',
};

/** Logins of programs: a client id and its key for a token. The tokens are good for every API of Drover. */
@ApiTags('testflinger')
@DialectGuards()
@Controller('v1/oauth2')
@UseFilters(LabErrorsFilter)
@UseGuards(LabGuard)
@UseInterceptors(JsonBodyInterceptor)
export class Oauth2Controller {
  constructor(
    private readonly tokens: TokensService,
    private readonly clients: ClientsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('token')
  @HttpCode(200)
  @Everybody()
  @ApiBasicAuth()
  @ApiOperation({ summary: 'A token for a client id and its key (Basic credentials)' })
  @ApiResponse({ status: 200, schema: { example: TOKEN_EXAMPLE } })
  @ApiResponse({ status: 401, description: 'Unknown client or wrong key' })
  async post(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.token(request, response);
  }

  @Get('token')
  @ChangesByGet()
  @Everybody()
  @ApiExcludeEndpoint()
  async get(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.token(request, response);
  }

  @Post('refresh')
  @HttpCode(200)
  @Everybody()
  @ApiOperation({ summary: 'A new token for a refresh token', description: 'With what the client is allowed now.' })
  @ApiBody({ schema: { type: 'object', required: ['refresh_token'], example: { refresh_token: 'wJalrXUtnFEMI…' } } })
  @ApiResponse({
    status: 200,
    schema: { example: { access_token: TOKEN_EXAMPLE.access_token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_S } },
  })
  @ApiResponse({ status: 400, description: 'Unknown, revoked or expired' })
  async refresh(
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Record<string, unknown>> {
    const { refresh_token } = fit<{ refresh_token: string }>(REFRESH_TOKEN, body);
    const access_token = await this.tokens.refresh(refresh_token);
    if (access_token === null) throw new LabError(400, 'Invalid refresh token');
    response.setHeader('Cache-Control', 'no-store');
    return { access_token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_S };
  }

  @Post('revoke')
  @HttpCode(200)
  @Admins()
  @ApiOperation({ summary: 'Revoke a refresh token' })
  @ApiBody({ schema: { type: 'object', required: ['refresh_token'], example: { refresh_token: 'wJalrXUtnFEMI…' } } })
  @ApiResponse({ status: 200, schema: { example: { status: 'OK' } } })
  async revoke(@Body() body: unknown): Promise<{ status: 'OK' }> {
    const { refresh_token } = fit<{ refresh_token: string }>(REFRESH_TOKEN, body);
    if (!(await this.tokens.revoke(refresh_token))) throw new LabError(400, 'Invalid refresh token');
    return { status: 'OK' };
  }

  private async token(request: Request, response: Response): Promise<void> {
    const [id, key] = basicOf(request.headers.authorization) ?? [];
    const client = id === undefined || key === undefined ? null : await this.clients.login(id, key, request.ip ?? '');
    response.setHeader('Cache-Control', 'no-store');
    if (!client) {
      response.setHeader('WWW-Authenticate', 'Basic realm="drover"');
      text(response, 'Invalid client id or client key', 401);
      return;
    }
    const access_token = await this.tokens.access(client);
    if (settingsOf(this.config, testflingerSettings).bareToken || isOldClient(request)) {
      text(response, access_token);
      return;
    }
    response.json({
      access_token,
      token_type: 'Bearer',
      expires_in: ACCESS_TOKEN_S,
      refresh_token: await this.tokens.refreshToken(client),
    });
  }
}

/** Clients before tokens became JSON send an empty JSON object, the others send nothing. */
function isOldClient(request: Request): boolean {
  const body: unknown = request.body;
  return (
    request.method === 'POST' &&
    /^application\/json\b/i.test(request.headers['content-type'] ?? '') &&
    Number(request.headers['content-length'] ?? 0) > 0 &&
    typeof body === 'object' &&
    body !== null &&
    !Array.isArray(body) &&
    Object.keys(body).length === 0
  );
}
