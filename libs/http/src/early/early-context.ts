import type { ServerResponse } from 'node:http';
import type { ExecutionContext, Type } from '@nestjs/common';
import type { EarlyRequest } from './early-request.js';

type HttpArguments = ReturnType<ExecutionContext['switchToHttp']>;

/** The context that guards, interceptors and filters see of a request that did not come through the router. */
export class EarlyContext implements ExecutionContext, HttpArguments {
  constructor(
    private readonly request: EarlyRequest,
    private readonly response: ServerResponse,
    private readonly controller: Type,
    private readonly method: (...args: unknown[]) => unknown,
  ) {}

  getClass<T>(): Type<T> {
    return this.controller as Type<T>;
  }
  getHandler(): (...args: unknown[]) => unknown {
    return this.method;
  }
  getType<T extends string>(): T {
    return 'http' as T;
  }
  getArgs<T extends unknown[]>(): T {
    return [this.request, this.response] as unknown as T;
  }
  getArgByIndex<T>(index: number): T {
    return this.getArgs()[index] as T;
  }
  switchToHttp(): HttpArguments {
    return this;
  }
  getRequest<T>(): T {
    return this.request as T;
  }
  getResponse<T>(): T {
    return this.response as T;
  }
  getNext<T>(): T {
    return undefined as T;
  }
  switchToRpc(): never {
    throw new Error('This request came over HTTP.');
  }
  switchToWs(): never {
    throw new Error('This request came over HTTP.');
  }
}
