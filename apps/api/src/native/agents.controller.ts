import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AgentsService } from '@drover/agents';
import { type Bus, BUS } from '@drover/bus';
import { DroverError } from '@drover/domain';
import { Needs, ApiProblems, Valid } from '@drover/http';
import { topics } from '@drover/jobs';
import { AgentsQueryDto } from './dto/queries.dto.js';
import { AgentDto, AgentListDto } from './dto/views.dto.js';
import { fromAgent } from './translate.js';

@ApiTags('agents')
@Controller('api/v1/agents')
export class AgentsController {
  constructor(
    private readonly agents: AgentsService,
    @Inject(BUS) private readonly bus: Bus,
  ) {}

  /**
   * Lists agents, by name
   *
   * Workers, and agents that ask over the HTTP of a dialect, also those that are offline.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: AgentListDto, description: 'The agents' })
  @ApiProblems(422)
  async list(@Query(Valid) query: AgentsQueryDto): Promise<AgentListDto> {
    return { agents: (await this.agents.list(query.queue === undefined ? {} : { queue: query.queue })).map(fromAgent) };
  }

  /**
   * Shows an agent
   *
   * Its facts (CPUs, memory, GPUs, disk), slots, queues, and why it takes no work if it takes none.
   */
  @Needs('read')
  @Get(':name')
  @ApiOkResponse({ type: AgentDto, description: 'The agent' })
  @ApiProblems(404)
  async get(@Param('name') name: string): Promise<AgentDto> {
    return fromAgent(await this.agents.get(plain(name)));
  }

  /**
   * Drains an agent: it takes no more jobs and finishes those it has
   *
   * One that is offline is refused (409): start it first.
   */
  @Needs('operate')
  @Post(':name/drain')
  @HttpCode(200)
  @ApiOkResponse({ type: AgentDto, description: 'The agent, draining' })
  @ApiProblems(404, 409)
  async drain(@Param('name') name: string): Promise<AgentDto> {
    return this.setDraining(name, true);
  }

  /**
   * Lets a draining agent take jobs again
   *
   * An agent that does not drain stays as it is.
   */
  @Needs('operate')
  @Post(':name/undrain')
  @HttpCode(200)
  @ApiOkResponse({ type: AgentDto, description: 'The agent, online' })
  @ApiProblems(404, 409)
  async undrain(@Param('name') name: string): Promise<AgentDto> {
    return this.setDraining(name, false);
  }

  private async setDraining(name: string, draining: boolean): Promise<AgentDto> {
    const agent = await this.agents.setDraining(plain(name), draining);
    this.bus.publish(topics.agent(agent.id));
    return fromAgent(agent);
  }
}

/** A text Postgres can compare; any other is the name of nobody. */
function plain(name: string): string {
  if (name.length <= 1_000 && !name.includes('\u0000') && name.isWellFormed()) return name;
  throw new DroverError('not_found', 'There is no such agent.');
}
