/** The operator's commands in tests: typed as in a terminal, with what they print and how they end. */
import { vi } from 'vitest';
import { runOperatorCommand } from '@/lib/cli/commands';

export type Ended = { code: number; out: string; err: string };

/** Runs a line and answers its exit code and both outputs. */
export async function operator(...line: string[]): Promise<Ended> {
  const printed = { out: '', err: '' };
  const streams = [
    [process.stdout, 'out'],
    [process.stderr, 'err'],
  ] as const;
  const spies = streams.map(([stream, name]) =>
    vi.spyOn(stream, 'write').mockImplementation(text => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    return { code: await runOperatorCommand(line), ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
