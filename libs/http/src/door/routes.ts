import { RequestMethod, type Type, type INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import express from 'express';
import { DEMAND, type Demand } from '../access/marks.js';
import { CHANGES, READS } from './marks.js';

/** A route as its decorators say it. */
export interface DeclaredRoute {
  /** GET, POST, …; ALL for every method. */
  method: string;
  /** The path as Express knows it. */
  path: string;
  /** The name of the Nest module that serves it. */
  module: string;
  /** `Controller.method`, for messages. */
  handler: string;
  changesByGet: boolean;
  onlyReads: boolean;
  /** The mark that says who may call it. Absent: it has none. */
  demand?: Demand | undefined;
}

/** Every route of every controller. */
export function routesOf(app: INestApplicationContext): DeclaredRoute[] {
  const scanner = new MetadataScanner();
  const modules = [...app.get(ModulesContainer).values()];
  const moduleOf = new Map(
    modules.flatMap((module) =>
      [...module.controllers.values()].map((wrapper) => [wrapper.metatype as Type, module.name] as const),
    ),
  );
  return [...moduleOf].flatMap(([controller, module]) => {
    const prototype = controller.prototype as Record<string, object>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] as object;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const marks = {
        changesByGet: Reflect.hasMetadata(CHANGES, handler),
        onlyReads: Reflect.hasMetadata(READS, handler),
        demand: (Reflect.getMetadata(DEMAND, handler) ?? Reflect.getMetadata(DEMAND, controller)) as Demand | undefined,
      };
      return pathsOfRoute(controller, handler).map((path) => ({
        module,
        method: RequestMethod[method],
        path,
        handler: `${controller.name}.${name}`,
        ...marks,
      }));
    });
  });
}

/** The paths of a method of a controller, as Express knows them. */
export const pathsOfRoute = (controller: object, handler: object): string[] =>
  pathsOf(controller).flatMap((base) => pathsOf(handler).map((rest) => joined(base, rest)));

const pathsOf = (target: object): string[] => [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();

const joined = (base: string, rest: string): string =>
  `/${[base, rest]
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

interface Layer {
  match(path: string): boolean;
}

/** Whether GET of a path changes something, by the marks at the routes: matched as Express matches them. */
export function changesByGet(routes: readonly DeclaredRoute[]): (path: string) => boolean {
  const changes = layersOf(routes.filter((route) => route.changesByGet));
  const reads = layersOf(
    routes.filter((route) => {
      if (route.onlyReads && /[:*{]/.test(route.path))
        throw new Error(`${route.handler}: @OnlyReads is for a path without parameters, and ${route.path} has one.`);
      return route.onlyReads;
    }),
  );
  return (path) => changes.some((layer) => matches(layer, path)) && !reads.some((layer) => matches(layer, path));
}

/** Express throws at a path that cannot be decoded; it would not route it, so either answer is right. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return true;
  }
}

function layersOf(routes: readonly DeclaredRoute[]): Layer[] {
  const router = express.Router({ caseSensitive: true });
  for (const { path } of routes) router.all(path, () => undefined);
  return (router as unknown as { stack: Layer[] }).stack;
}
