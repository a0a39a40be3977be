/** The project's source files as the laws read them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = process.cwd();
const skipped = new Set(['node_modules', '.next', '.git', '.local', '.test', 'test-results']);

function walk(folder: string, found: string[]): string[] {
  for (const name of readdirSync(folder)) {
    if (skipped.has(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) walk(path, found);
    else found.push(relative(root, path));
  }
  return found;
}

export type SourceFile = { path: string; text: string };

/** Files below the given top-level folders whose names match. */
export function sourceFiles(folders: string[], ending: RegExp): SourceFile[] {
  return folders
    .flatMap(folder => walk(join(root, folder), []))
    .filter(path => ending.test(path))
    .sort()
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Modules that a file imports, as written. Type-only imports count too. */
export function importsOf(file: SourceFile): string[] {
  return [
    ...file.text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ].map(match => match[1] ?? match[2] ?? match[3] ?? '');
}
