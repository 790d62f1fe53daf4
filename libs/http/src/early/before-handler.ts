import type { ExecutionContext, NestInterceptor } from '@nestjs/common';

/** An interceptor that does all its work before the handler: it may stand before an early route. */
export interface BeforeHandler extends NestInterceptor {
  before(context: ExecutionContext): Promise<void> | undefined;
}
