import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ABILITIES, abilitiesOf, ClientsService, type Permissions, SessionsService } from '@drover/access';
import { CONFIG, type Config } from '@drover/config';
import { DEFAULT_PROJECT, DroverError } from '@drover/domain';
import { ApiProblems, loginOf, Open, sessionCookieOf, sessionCookies, Valid } from '@drover/http';
import { LoginDto, SessionDto } from './dto/session.dto.js';

/** Logins of people with a browser. Programs log in with a token. */
@ApiTags('session')
@Open()
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly clients: ClientsService,
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Shows who sends this request, and what it may do
   *
   * Without a login, too: then `client_id` is null. The console asks this first.
   */
  @Get()
  @ApiOkResponse({ type: SessionDto, description: 'The client, and what it may do' })
  @ApiProblems()
  get(@Req() request: Request, @Res({ passthrough: true }) response: Response): SessionDto {
    response.setHeader('Cache-Control', 'no-store');
    const { principal, session_until } = loginOf(request);
    return this.view(principal.permissions, session_until);
  }

  /**
   * Opens a session in a browser
   *
   * The answer sets a cookie (HttpOnly, SameSite=Strict) that stands for the login for 12 hours. It counts for requests
   * of which the browser says that a page of this API sent them, and for no others: programs take a token at
   * `POST /v1/oauth2/token`.
   */
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: SessionDto, description: 'The session' })
  @ApiProblems(400, 401, 409, 415, 422, 429)
  async open(
    @Body(Valid) body: LoginDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionDto> {
    if (this.config.auth === 'none')
      throw new DroverError('conflict', 'Nobody logs in here (DROVER_AUTH=none): every request may do everything.');
    const client = await this.clients.login(body.client_id, body.key, request.socket.remoteAddress ?? '');
    if (client === null)
      throw new DroverError(
        'unauthenticated',
        'There is no client with this id and key. An admin makes clients with `drover clients create`.',
      );
    const session = await this.sessions.open(client);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Set-Cookie', sessionCookies(session, this.cameOverTls(request)));
    return this.view(client, session.expires_at);
  }

  /**
   * Ends the session of this browser
   *
   * On every replica, with the streams it has opened. Without a session nothing happens.
   */
  @Delete()
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'The browser has no session' })
  @ApiProblems()
  async end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const cookie = sessionCookieOf(request.headers);
    if (cookie !== null) await this.sessions.end(cookie);
    response.setHeader('Set-Cookie', sessionCookies(null, false));
  }

  /** The browser says so itself; behind a proxy that speaks TLS, the setting of our public address does. */
  private cameOverTls({ headers, secure }: Request): boolean {
    if (headers.origin !== undefined) return headers.origin.startsWith('https:');
    return secure || (this.config.doors.publicUrl?.startsWith('https:') ?? false);
  }

  private view(permissions: Permissions | null, until: Date | null): SessionDto {
    if (this.config.auth === 'none')
      return {
        auth: 'none',
        client_id: null,
        role: null,
        project: DEFAULT_PROJECT,
        abilities: [...ABILITIES],
        expires_at: null,
      };
    return {
      auth: 'oauth2',
      client_id: permissions?.client_id ?? null,
      role: permissions?.role ?? null,
      project: permissions?.project ?? null,
      abilities: permissions === null ? [] : [...abilitiesOf(permissions.role)],
      expires_at: until?.toISOString() ?? null,
    };
  }
}
