import { SetMetadata } from '@nestjs/common';

export const EARLY = 'drover:early';

/**
 * Marks a route that is called by the thousand a second: a request with exactly its method and path is answered without
 * Nest's and Express's router (`early-handlers.ts` says how). Everything else about the route stays as its decorators
 * say it. Its path has no parameters.
 */
export const Early = (): MethodDecorator => SetMetadata(EARLY, true);
