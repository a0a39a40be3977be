/** `npm run generate`: writes every generated file and says which ones changed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedFiles } from '@/lib/cli/generated-files';

function current(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const changed = Object.entries(generatedFiles()).filter(([path, text]) => current(path) !== text);
for (const [path, text] of changed) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
if (changed.length === 0) console.log('all generated files are up to date');
