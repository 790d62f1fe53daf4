import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { NodesService, type InvitationTerms } from '@drover/access';
import { CONFIG, type Config, VERSION } from '@drover/config';
import { DroverError } from '@drover/domain';
import { ApiProblems, Needs, Open, RateLimiter, Valid } from '@drover/http';
import { isUuid } from '@drover/jobs';
import { TicketLogins } from '../../agent-protocol/ticket-logins.js';
import { Served } from '../../modules/served.js';
import {
  EnrolDto,
  EnrolledNodeListDto,
  EnrolmentDto,
  InvitationListDto,
  InviteNodeDto,
  NewInvitationDto,
} from './node.dto.js';
import { fromInvitation, fromNode } from './translate.js';

const DEFAULT_EXPIRES_S = 3_600;
/** Tries of an address to enrol: so many at once, then so many a second. A rack that comes at once gets in. */
const TRIES = { atOnce: 60, perS: 1 } as const;

@ApiTags('nodes')
@Controller('api/v1/nodes')
export class NodesController {
  private readonly tries = new RateLimiter(TRIES.perS, TRIES.atOnce);

  constructor(
    private readonly nodes: NodesService,
    private readonly ticketLogins: TicketLogins,
    private readonly served: Served,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Invites a new node
   *
   * Gives the token with which one machine enrols itself (`drover enrol`) as a node for these queues, with these
   * labels, once and before it expires. The token is shown this once; the record keeps its hash.
   */
  @Needs('operate')
  @Post('invitations')
  @ApiCreatedResponse({ type: NewInvitationDto, description: 'The invitation, with its token' })
  @ApiProblems(400, 409, 415, 422)
  async invite(
    @Body(Valid) body: InviteNodeDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<NewInvitationDto> {
    const {
      queues = ['default'],
      labels = {},
      slots = null,
      expires_s = DEFAULT_EXPIRES_S,
      ticket_login = false,
    } = body;
    // Refused now where there is no such login, not when the node comes.
    if (ticket_login) this.ticketLogins.place();
    const { invitation, token } = await this.nodes.invite(
      { queues: [...new Set(queues)], labels, slots, ticket_login },
      expires_s,
    );
    response.setHeader('Cache-Control', 'no-store');
    return {
      ...fromInvitation(invitation),
      token,
      public_url: this.config.doors.publicUrl?.replace(/\/+$/, '') ?? null,
      ca_fingerprint: this.served.current?.pair.authority ?? null,
    };
  }

  /**
   * Lists invitations, the newest first
   *
   * Open ones, and those that were used, were revoked or have expired within 30 days; never their tokens.
   */
  @Needs('operate')
  @Get('invitations')
  @ApiOkResponse({ type: InvitationListDto, description: 'The invitations' })
  @ApiProblems()
  async invitations(): Promise<InvitationListDto> {
    return { invitations: (await this.nodes.invitations()).map(fromInvitation) };
  }

  /**
   * Revokes an invitation
   *
   * Nobody can use it any more. One that a node has used is refused (409): revoke the node.
   */
  @Needs('operate')
  @Delete('invitations/:id')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is revoked' })
  @ApiProblems(404, 409)
  async revokeInvitation(@Param('id') id: string): Promise<void> {
    if (!isUuid(id)) throw new DroverError('not_found', 'There is no such invitation.');
    await this.nodes.revokeInvitation(id);
  }

  /**
   * Enrols a new node with its invitation
   *
   * Uses the invitation up and gives the node a key of its own, with which its worker registers for the queues of the
   * invitation and no others. Of two that come with one token at once, one gets in. `drover enrol` calls this; nobody
   * has to be logged in.
   */
  @Open()
  @Post('enrol')
  @HttpCode(200)
  @ApiOkResponse({ type: EnrolmentDto, description: 'The node is enrolled' })
  @ApiProblems(400, 401, 409, 415, 422, 429)
  async enrol(
    @Body(Valid) body: EnrolDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EnrolmentDto> {
    const address = request.socket.remoteAddress ?? '';
    const wait = this.tries.take(address);
    if (wait > 0) {
      const seconds = Math.max(1, Math.ceil(wait));
      throw new DroverError('rate_limited', `This address tries to enrol too often; come again in ${seconds} s.`, {
        retry_after_s: seconds,
      });
    }
    const placeOf = ({ ticket_login }: InvitationTerms): EnrolmentDto['tickets'] =>
      ticket_login ? this.ticketLogins.place() : null;
    const { token, name, check = false } = body;
    const { key, terms } = check
      ? { key: null, terms: await this.nodes.offer(token, name) }
      : await this.nodes.enrol(token, name, address, placeOf);
    response.setHeader('Cache-Control', 'no-store');
    return {
      node: name,
      key,
      queues: terms.queues,
      labels: terms.labels,
      slots: terms.slots,
      tickets: placeOf(terms),
      version: VERSION,
      server_time: new Date().toISOString(),
    };
  }

  /**
   * Lists enrolled nodes
   *
   * Those with a key that counts, by name, with what they may do. `GET /api/v1/agents` says which of them are online.
   */
  @Needs('operate')
  @Get()
  @ApiOkResponse({ type: EnrolledNodeListDto, description: 'The nodes' })
  @ApiProblems()
  async list(): Promise<EnrolledNodeListDto> {
    return { nodes: (await this.nodes.list()).map(fromNode) };
  }

  /**
   * Revokes an enrolled node
   *
   * Its key and its registration end: from the answer on no replica takes anything from it, and what it runs starts
   * anew elsewhere when its lease is over (10 s later). Drain it first to let its jobs finish.
   */
  @Needs('operate')
  @Delete(':name')
  @HttpCode(204)
  @ApiNoContentResponse({ description: 'It is revoked' })
  @ApiProblems(404)
  async revoke(@Param('name') name: string): Promise<void> {
    if (name.length > 200 || name.includes('\u0000') || !name.isWellFormed())
      throw new DroverError('not_found', 'There is no such node.');
    await this.nodes.revoke(name);
  }
}
