/** Loads every module of the domains and every portal route, so that no command, query or route can hide from a walk. */
import { join } from 'node:path';
import { sourceFiles } from '@/lib/laws/source-files';

const isTest = (path: string): boolean => /\.(test|law|fixture)\.ts$/.test(path);

/** Imports all of lib/domains, which registers their commands and queries. */
export async function loadDomains(): Promise<void> {
  for (const { path } of sourceFiles(['lib/domains'], /\.ts$/))
    if (!isTest(path)) await import(join(process.cwd(), path));
}

export type RouteModule = { path: string; handlers: Record<string, unknown> };

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The handlers of every route.ts below app/, by path. */
export async function loadRoutes(): Promise<RouteModule[]> {
  const files = sourceFiles(['app'], /(^|\/)route\.tsx?$/);
  return Promise.all(
    files.map(async ({ path }) => {
      const exported = (await import(join(process.cwd(), path))) as Record<string, unknown>;
      return {
        path,
        handlers: Object.fromEntries(methods.flatMap(name => (exported[name] ? [[name, exported[name]]] : []))),
      };
    }),
  );
}
