import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  ForbiddenException,
  type CanActivate,
  type ExceptionFilter,
  Injectable,
  type OnApplicationBootstrap,
  type PipeTransform,
  RequestMethod,
  type Type,
} from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  HEADERS_METADATA,
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  REDIRECT_METADATA,
  RENDER_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
  SSE_METADATA,
} from '@nestjs/common/internal';
import {
  ApplicationConfig,
  HttpAdapterHost,
  MetadataScanner,
  ModulesContainer,
  type NestContainer,
} from '@nestjs/core';
import { FORBIDDEN_MESSAGE } from '@nestjs/core/guards/constants.js';
import { GuardsContextCreator } from '@nestjs/core/guards/guards-context-creator.js';
import { ContextUtils } from '@nestjs/core/helpers/context-utils.js';
import { InterceptorsContextCreator } from '@nestjs/core/interceptors/interceptors-context-creator.js';
import { PipesContextCreator } from '@nestjs/core/pipes/pipes-context-creator.js';
import { RouteParamsFactory } from '@nestjs/core/router/route-params-factory.js';
import type { Express } from 'express';
import { bodyRuleOfServer } from '../bodies/body-rules.js';
import { pathsOfRoute } from '../door/routes.js';
import { sendText } from '../send-text.js';
import type { BeforeHandler } from './before-handler.js';
import { EarlyContext } from './early-context.js';
import type { EarlyRequest } from './early-request.js';
import { EarlyRoutes } from './early-routes.js';
import { EARLY } from './mark.js';

/** A function that Express calls before the routes. */
type Middleware = (request: EarlyRequest, response: ServerResponse, next: (error?: unknown) => void) => unknown;

type Parameter = {
  index: number;
  read: (request: EarlyRequest, response: ServerResponse) => unknown;
  pipes: PipeTransform[];
  metadata: { type: 'body'; metatype: Type | undefined; data: string | undefined };
};

/** An early route, made of the decorators of its controller's method. */
interface Plan {
  path: string;
  controller: Type;
  instance: object;
  method: (...args: unknown[]) => unknown;
  guards: CanActivate[];
  interceptors: BeforeHandler[];
  parameters: Parameter[];
  filter: ExceptionFilter;
  status: number;
}

/** Where Nest keeps these marks, a route has something that only the router does. */
const ROUTERS_ALONE = [HEADERS_METADATA, REDIRECT_METADATA, RENDER_METADATA, SSE_METADATA, EXCEPTION_FILTERS_METADATA];

/**
 * Makes a way past the router for each route with the mark `@Early()`. Who may call it, what is checked and what
 * answers is read off what the router reads: the same decorators, the same global guards, interceptors, pipes and
 * filters, and the functions that Express calls before its route. They are called in the router's order; so there is
 * one declaration for both ways. What this way cannot do as the router does it ends the start.
 *
 * Guards and functions before the routes see Node's request with the `path` of Express, and nothing else of it.
 */
@Injectable()
export class EarlyHandlers implements OnApplicationBootstrap {
  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
    private readonly adapter: HttpAdapterHost,
    private readonly early: EarlyRoutes,
  ) {}

  /** When all global guards are known, and the router's routes are there. */
  onApplicationBootstrap(): void {
    const server = this.adapter.httpAdapter.getInstance<Express>();
    for (const plan of new Planner(this.modules, this.config).plans()) {
      const middleware = middlewareOf(server, plan.path);
      const bodyRule = bodyRuleOfServer(server, 'POST', plan.path);
      this.early.add((request: IncomingMessage, response: ServerResponse): boolean => {
        if (request.url !== plan.path || request.method !== 'POST') return false;
        const early = Object.assign(request, { path: plan.path, route: { path: plan.path }, bodyRule });
        begin(plan, middleware, 0, early, response);
        return true;
      });
    }
  }
}

interface Layer {
  handle: Middleware;
  route?: { path: string; methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** The functions that Express calls before its route for POST of this path. Throws where another route comes first. */
function middlewareOf(server: Express, path: string): Middleware[] {
  const { stack } = server.router as unknown as { stack: Layer[] };
  // The first layer is Nest's own: it calls hooks that nobody sets here.
  const layers = stack.slice(1).filter((layer) => layer.match(path));
  const end = layers.findIndex(({ route }) => route?.methods['post'] === true || route?.methods['_all'] === true);
  if (layers[end]?.route?.path !== path) throw new Error(`POST ${path} is not answered by the route with @Early.`);
  return layers.slice(0, end).flatMap(({ route, handle }) => (route ? [] : [handle]));
}

/** Calls the functions before the routes one after another, then the handler. */
function begin(
  plan: Plan,
  middleware: readonly Middleware[],
  at: number,
  request: EarlyRequest,
  response: ServerResponse,
): void {
  const step = middleware[at];
  if (!step) {
    void answer(plan, request, response);
    return;
  }
  const next = (error?: unknown): void => {
    if (error === undefined) begin(plan, middleware, at + 1, request, response);
    else refuse(plan, error, contextOf(plan, request, response));
  };
  try {
    step(request, response, next);
  } catch (error) {
    next(error);
  }
}

const contextOf = ({ controller, method }: Plan, request: EarlyRequest, response: ServerResponse): EarlyContext =>
  new EarlyContext(request, response, controller, method);

async function answer(plan: Plan, request: EarlyRequest, response: ServerResponse): Promise<void> {
  const context = contextOf(plan, request, response);
  try {
    for (const guard of plan.guards) {
      const verdict = guard.canActivate(context);
      if (!(typeof verdict === 'boolean' ? verdict : await (verdict as Promise<boolean>)))
        throw new ForbiddenException(FORBIDDEN_MESSAGE);
    }
    response.statusCode = plan.status;
    for (const interceptor of plan.interceptors) {
      const work = interceptor.before(context);
      if (work) await work;
    }
    const args: unknown[] = [];
    for (const { index, read, pipes, metadata } of plan.parameters) {
      let value = read(request, response);
      for (const pipe of pipes) value = await pipe.transform(value, metadata);
      args[index] = value;
    }
    const result = await plan.method.apply(plan.instance, args);
    sendText(response, 'application/json', JSON.stringify(result));
  } catch (error) {
    refuse(plan, error, context);
  }
}

/** A filter that throws must not end the process. */
function refuse({ filter }: Plan, error: unknown, context: EarlyContext): void {
  try {
    filter.catch(error, context);
  } catch {
    context.getResponse<ServerResponse>().destroy();
  }
}

/** Reads routes as Nest's router reads them. */
class Planner {
  private readonly guards: GuardsContextCreator;
  private readonly interceptors: InterceptorsContextCreator;
  private readonly pipes: PipesContextCreator;
  private readonly utils = new ContextUtils();
  private readonly values = new RouteParamsFactory();

  constructor(
    private readonly modules: ModulesContainer,
    private readonly config: ApplicationConfig,
  ) {
    const container = { getModules: () => modules } as NestContainer;
    this.guards = new GuardsContextCreator(container, config);
    this.interceptors = new InterceptorsContextCreator(container, config);
    this.pipes = new PipesContextCreator(container, config);
  }

  plans(): Plan[] {
    const scanner = new MetadataScanner();
    return [...this.modules].flatMap(([key, module]) =>
      [...module.controllers.values()].flatMap(({ metatype, instance }) => {
        const controller = metatype as Type;
        return scanner
          .getAllMethodNames(controller.prototype as object)
          .filter((name) => Reflect.hasMetadata(EARLY, (instance as Record<string, object>)[name] as object))
          .map((name) => this.planOf(key, controller, instance as Record<string, Plan['method']>, name));
      }),
    );
  }

  private planOf(moduleKey: string, controller: Type, instance: Record<string, Plan['method']>, name: string): Plan {
    const method = instance[name] as Plan['method'];
    const label = `${controller.name}.${name}`;
    const [path = '', ...more] = pathsOfRoute(controller, method);
    if (more.length > 0 || /[:*{]/.test(path)) throw new Error(`${label}: @Early is for one path without parameters.`);
    if (Reflect.getMetadata(METHOD_METADATA, method) !== RequestMethod.POST)
      throw new Error(`${label}: @Early is for POST.`);
    for (const mark of ROUTERS_ALONE)
      if (Reflect.hasMetadata(mark, method) || Reflect.hasMetadata(mark, controller))
        throw new Error(`${label}: a route with ${mark} is not for @Early.`);
    const filters = this.config.getGlobalFilters();
    if (filters.length !== 1 || this.config.getGlobalRequestFilters().length > 0)
      throw new Error(`${label}: @Early knows one global filter, and there are ${filters.length}.`);
    return {
      path,
      controller,
      instance,
      method,
      guards: this.guards.create(instance, method, moduleKey),
      interceptors: this.interceptors.create(instance, method, moduleKey).map((interceptor) => {
        if ('before' in interceptor) return interceptor as BeforeHandler;
        throw new Error(`${label}: ${interceptor.constructor.name} has no before(), so @Early cannot call it.`);
      }),
      parameters: this.parametersOf(moduleKey, instance, name, label),
      filter: filters[0] as ExceptionFilter,
      status: (Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined) ?? 201,
    };
  }

  private parametersOf(
    moduleKey: string,
    instance: Record<string, Plan['method']>,
    name: string,
    label: string,
  ): Parameter[] {
    const method = instance[name] as Plan['method'];
    const all = this.pipes.create(instance, method, moduleKey) as PipeTransform[];
    const types = this.utils.reflectCallbackParamtypes(instance, name) as (Type | undefined)[];
    const given = this.utils.reflectCallbackMetadata<
      Record<string, { index: number; data?: string; pipes: (Type<PipeTransform> | PipeTransform)[] }>
    >(instance, name, ROUTE_ARGS_METADATA);
    this.pipes.setModuleContext(moduleKey);
    return Object.entries(given ?? {}).map(([key, { index, data, pipes }]) => {
      const type = Number(this.utils.mapParamType(key)) as RouteParamtypes;
      const isBody = type === RouteParamtypes.BODY && data === undefined;
      const others = [RouteParamtypes.REQUEST, RouteParamtypes.RESPONSE, RouteParamtypes.HEADERS];
      if (!isBody && !others.includes(type)) throw new Error(`${label}: @Early does not know its parameter ${index}.`);
      return {
        index,
        read: (request, response) =>
          this.values.exchangeKeyForValue(type, data as string, {
            req: request as never,
            res: response,
            next: (() => undefined) as never,
          }) as unknown,
        // The router runs pipes on bodies only, of those that are known here.
        pipes: isBody ? [...all, ...(this.pipes.createConcreteContext(pipes as never) as PipeTransform[])] : [],
        metadata: { type: 'body', metatype: types[index], data },
      };
    });
  }
}
