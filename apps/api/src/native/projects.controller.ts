import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { invalid, QUOTAS } from '@drover/domain';
import { Needs, ApiProblems, Valid } from '@drover/http';
import { QuotasService, type ProjectView } from '@drover/quotas';
import { ProjectDto, ProjectListDto, ProjectQuotasDto } from './dto/project.dto.js';

const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;

@ApiTags('projects')
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly quotas: QuotasService) {}

  /**
   * Lists projects with what they use and may have
   *
   * Operators see every project that a client, a job, a queue's reservation or a quota names; others see their own.
   */
  @Needs('read')
  @Get()
  @ApiOkResponse({ type: ProjectListDto, description: 'The projects' })
  @ApiProblems()
  async list(): Promise<ProjectListDto> {
    return { projects: (await this.quotas.list()).map(toDto) };
  }

  /**
   * Shows what a project uses and may have
   *
   * Null as a quota: there is none.
   */
  @Needs('read')
  @Get(':name/quotas')
  @ApiOkResponse({ type: ProjectDto, description: 'The project' })
  @ApiProblems(404, 422)
  async get(@Param('name') name: string): Promise<ProjectDto> {
    return toDto(await this.quotas.get(checked(name)));
  }

  /**
   * Sets quotas of a project
   *
   * Jobs and files stay that were there before, also where they are more than the new quota. Other replicas of the API
   * know within a second.
   */
  @Needs('operate')
  @Put(':name/quotas')
  @ApiOkResponse({ type: ProjectDto, description: 'The project' })
  @ApiProblems(404, 422)
  async set(@Param('name') name: string, @Body(Valid) body: ProjectQuotasDto): Promise<ProjectDto> {
    const values = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    if (Object.keys(values).length === 0) {
      throw invalid([{ field: 'body', message: `must name at least one of ${QUOTAS.join(', ')}` }]);
    }
    return toDto(await this.quotas.set(checked(name), values));
  }
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  const message = 'must be a name of 1 to 63 letters, digits, ".", "_" and "-"';
  throw invalid([{ field: 'name', message, value: name.slice(0, 100) }]);
}

const toDto = ({ project, ...view }: ProjectView): ProjectDto => ({ name: project, ...view });
