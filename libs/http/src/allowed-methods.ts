import type { NestExpressApplication } from '@nestjs/platform-express';

/** The fields of an entry of Express's router that are read here. */
interface Layer {
  route?: { methods: Record<string, boolean> };
  match(path: string): boolean;
}

/** Paths of which a wrong method is answered with 405; the dialects' own contracts say what they do. */
const OURS = /^\/(api\/v1|livez|readyz|metrics)(\/|$)/;

/** Which methods a path of ours has; empty for a path of nobody (or of a dialect). */
export function allowedMethods(app: NestExpressApplication, path: string): string[] {
  if (!OURS.test(path)) return [];
  const { router } = app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } };
  const methods = new Set<string>();
  for (const layer of router.stack) {
    if (!layer.route || !matches(layer, path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  methods.delete('_ALL');
  return [...methods].sort();
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // A path that cannot be decoded matches nothing.
    return false;
  }
}
