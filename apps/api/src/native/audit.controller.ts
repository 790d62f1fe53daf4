import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditService } from '@drover/access';
import { Needs, ApiProblems, fromCursor, toCursor, Valid } from '@drover/http';
import { AuditPageDto, AuditQueryDto } from './dto/audit.dto.js';

const DEFAULT_LIMIT = 100;

@ApiTags('operations')
@Needs('operate')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /**
   * Lists who changed what, the newest first
   *
   * Every change that a client made, through whichever API, with the address it came from. Entries are written in the
   * transaction of the change; the database refuses to change one, and to delete one of the last 30 days. Where nobody
   * logs in, the actor is `anonymous`, told apart by address. Reading it needs the role operator or admin.
   */
  @Get()
  @ApiOkResponse({ type: AuditPageDto, description: 'A page of the trail' })
  @ApiProblems(403, 422)
  async list(@Query(Valid) query: AuditQueryDto): Promise<AuditPageDto> {
    const { object, from, to, limit = DEFAULT_LIMIT, cursor, ...same } = query;
    const before = fromCursor(cursor);
    const filter = {
      ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined)),
      ...(object === undefined ? {} : { object_id: object }),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
      ...(before === undefined ? {} : { before }),
    };
    const { entries, next } = await this.audit.list(filter, limit);
    const shown = entries.map(({ object_id, at, ...entry }) => ({ ...entry, object: object_id, at: at.toISOString() }));
    return { entries: shown, next: toCursor(next) };
  }
}
