import { All, Controller, UseFilters, type Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DialectGuards } from '@drover/http';
import { V1ErrorsFilter } from './errors.filter.js';
import { Refusal } from './refusal.js';

/** A controller that answers 405 on these paths below /v1. It must come after the controllers that serve their methods. */
export function refuseOtherMethods(paths: string[]): Type {
  @ApiExcludeController()
  @DialectGuards()
  @Controller('v1')
  @UseFilters(V1ErrorsFilter)
  class OtherMethodsController {
    @All(paths)
    refuse(): never {
      throw new Refusal(405, { detail: 'Method Not Allowed', error: 'invalid_request', message: 'Method Not Allowed' });
    }
  }
  return OtherMethodsController;
}
