/** The local BigQuery (bqemulator on DuckDB) as a supervised process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';
import { pythonVenv } from '@/dev/stack/services/python-venv';
import { answers, type ProcessPlan } from '@/dev/stack/supervisor';

/** Prepares its Python and answers with the process to supervise; without `grpcPort` its streams cannot be found. Loopback only: its SQL can read files. */
export async function bigquery(
  dir: string,
  options: { port: number; grpcPort?: number; projectId: string; say: (line: string) => void },
): Promise<ProcessPlan> {
  const { python, home } = await pythonVenv(options.say);
  const dataDir = join(dir, 'bigquery');
  mkdirSync(dataDir, { recursive: true });
  const flags = ['--persistent', '--data-dir', dataDir, '--log-level', 'error', '--project', options.projectId];
  return {
    name: 'bigquery',
    command: python,
    args: [
      join(checkoutDir, 'dev/stack/services/bigquery-server.py'),
      'start',
      '--rest-port',
      String(options.port),
      '--grpc-port',
      String(options.grpcPort ?? 0),
      ...flags,
    ],
    env: { HOME: home, BQEMU_TIME_TRAVEL_RETENTION_DAYS: '0', NO_COLOR: '1' },
    cwd: dataDir,
    healthy: () => answers(`http://127.0.0.1:${options.port}/healthz`),
  };
}
