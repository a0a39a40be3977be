/** Runs an outside program that reports lineage, in its own folder and with little more than its own environment. */
import { spawn } from 'node:child_process';

export type Ended = { code: number | null; output: string };

/** What programs need of this machine; OpenLineage's clients would else take settings that stand around in it. */
const machine = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SSL_CERT_FILE', 'LD_PRELOAD', 'FAKETIME'];

/** Runs it to its end; the output is of both streams. `bin` is looked in first for programs that it starts. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, cwd, bin }: { env?: Record<string, string>; cwd?: string; bin?: string } = {},
): Promise<Ended> {
  const own = Object.fromEntries(machine.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])));
  const path = bin ? `${bin}:${own.PATH}` : own.PATH;
  const child = spawn(program, args, {
    env: { ...own, NODE_ENV: 'test', ...env, PATH: path },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', part => {
      output += String(part);
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => resolve({ code, output }));
  });
}

/** As above; an error with all that it said where it ended badly. */
export async function runWell(...args: Parameters<typeof runProgram>): Promise<string> {
  const { code, output } = await runProgram(...args);
  if (code !== 0) throw new Error(`${args[0]} ${args[1].join(' ')} ended with ${code}:\n${output}`);
  return output;
}
