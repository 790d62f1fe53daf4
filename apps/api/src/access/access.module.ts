import { Global, Module } from '@nestjs/common';
import { Access } from './access.js';

/** Who may do what, for every API. */
@Global()
@Module({})
export class AccessModule {
  static of(access: Access) {
    const providers = [{ provide: Access, useValue: access }];
    return { module: AccessModule, providers, exports: providers };
  }
}
