import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Access } from './access.js';

/** Who may do what, for every API. */
@Global()
@Module({})
export class AccessModule {
  static of(access: Access) {
    const service = { provide: Access, useValue: access };
    return { module: AccessModule, providers: [service, { provide: APP_GUARD, useClass: AccessGuard }], exports: [service] };
  }
}
