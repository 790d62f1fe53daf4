import { Global, Module, type CanActivate } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { Access } from './access.js';

/** Clients, their rights and the guard that asks for them, for every API. */
@Global()
@Module({})
export class AccessModule {
  /** `rates`: counts every request before anything is asked about its rights. */
  static of(access: Access, rates: CanActivate) {
    const service = { provide: Access, useValue: access };
    const guards = [
      { provide: APP_GUARD, useValue: rates },
      { provide: APP_GUARD, useClass: AccessGuard },
    ];
    return { module: AccessModule, providers: [service, ...guards], exports: [service] };
  }
}
