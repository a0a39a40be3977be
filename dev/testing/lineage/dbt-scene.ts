/** The shop of dbt-shop, seeded and run once, of which each test gets a copy, and dbt-ol as it is published to run there. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkoutDir } from '@/dev/stack/paths';
import { clientVenv } from '@/dev/stack/services/python-venv';
import { type Ended, runProgram, runWell } from '@/dev/testing/lineage/program';

const folder = 'lib/edge/v1/lineage/clients';

export type DbtScene = {
  /** A new copy of the project. */
  project: () => Promise<string>;
  /** Runs dbt-ol there; `env` says where it reports. */
  dbtOl: (project: string, args: string[], env: Record<string, string>) => Promise<Ended>;
  close: () => Promise<void>;
};

export async function openDbtScene(): Promise<DbtScene> {
  const bin = dirname(await clientVenv('dbt', `${folder}/dbt-requirements.txt`));
  const home = await mkdtemp(join(tmpdir(), 'dbt-shop-'));
  const first = join(home, 'first');
  await cp(join(checkoutDir, folder, 'dbt-shop'), first, { recursive: true });
  for (const command of ['seed', 'run']) await runWell(join(bin, 'dbt'), [command], { cwd: first, bin });
  let copies = 0;
  return {
    project: async () => {
      copies += 1;
      const copy = join(home, `copy-${copies}`);
      await cp(first, copy, { recursive: true });
      return copy;
    },
    dbtOl: (cwd, args, env) => runProgram(join(bin, 'dbt-ol'), args, { cwd, bin, env }),
    close: () => rm(home, { recursive: true, force: true }),
  };
}
