/** A pipeline in Python that a test starts, listens to line by line, and may kill. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkoutDir } from '@/dev/stack/paths';

export type Line = Record<string, unknown>;
export type Pipeline = {
  /** Lines of JSON that it has printed so far. */
  lines: Line[];
  /** What it wrote to its log. */
  log: () => string;
  /** Waits for a line with that field; rejects where it ends without. */
  line: (field: string) => Promise<Line>;
  kill: (signal?: 'SIGKILL' | 'SIGTERM') => void;
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string | null>;
};

/** Starts a script of the checkout. */
export function startPipeline(
  python: string,
  script: string,
  args: readonly string[],
  variables: Record<string, string>,
): Pipeline {
  const child = spawn(python, ['-u', join(checkoutDir, script), ...args], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Line[] = [];
  let log = '';
  let told: () => void = () => {};
  let isOver = false;
  child.stderr.on('data', part => {
    log += String(part);
  });
  createInterface(child.stdout).on('line', text => {
    lines.push(JSON.parse(text) as Line);
    told();
  });
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      isOver = true;
      told();
      resolve(code ?? signal);
    });
  });
  const line = async (field: string): Promise<Line> => {
    for (;;) {
      const found = lines.find(each => field in each);
      if (found) return found;
      if (isOver) throw new Error(`the pipeline ended without saying ${field}:\n${log}`);
      await new Promise<void>(resolve => {
        told = resolve;
      });
    }
  };
  return { lines, log: () => log, line, kill: (signal = 'SIGKILL') => child.kill(signal), ended };
}
