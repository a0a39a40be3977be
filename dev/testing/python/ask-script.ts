/** A script in Python that reads JSON, does something with an outside client, and prints what came of it as JSON. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';

/** Runs a script of the checkout with `input` on its standard input; answers what it printed. Rejects where it fails. */
export function askScript<Answer>(
  python: string,
  script: string,
  args: readonly string[],
  input: unknown,
): Promise<Answer> {
  const child = spawn(python, [join(checkoutDir, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
  });
  child.stdin.end(JSON.stringify(input));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => (code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`it ended with ${code}`))));
  });
}
