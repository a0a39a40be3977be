/** Postgres functions: one a file in sql/functions, in an order in which each finds what it calls. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type FunctionFile = { name: string; text: string };

const folder = join(process.cwd(), 'sql', 'functions');

/** Every file of sql/functions; a function comes after those that it calls. Comments do not count as calls. */
export function functionFiles(): FunctionFile[] {
  const files = new Map(
    readdirSync(folder)
      .filter(file => file.endsWith('.sql'))
      .sort()
      .map(file => [file.slice(0, -4), readFileSync(join(folder, file), 'utf8')]),
  );
  const ordered = new Map<string, FunctionFile>();
  const visiting = new Set<string>();
  const visit = (name: string, text: string): void => {
    if (ordered.has(name) || visiting.has(name)) return;
    visiting.add(name);
    const code = text.replace(/--[^\n]*/g, '');
    for (const [other, otherText] of files) if (new RegExp(`\\b${other}\\(`).test(code)) visit(other, otherText);
    ordered.set(name, { name, text });
  };
  for (const [name, text] of files) visit(name, text);
  return [...ordered.values()];
}
