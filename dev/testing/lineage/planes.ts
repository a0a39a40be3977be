/** The data plane and the worker as processes, on a database of their own, for clients that report lineage to them. */
import { type LineageProxy, openProxy } from '@/dev/testing/lineage/proxy';
import { useOwnDatabase as switchToOwnDatabase } from '@/dev/testing/own-database';
import { startDataPlane, startWorker } from '@/dev/testing/python/product-process';

export type Planes = {
  /** What clients are told; it leads to the data plane. */
  proxy: LineageProxy;
  /** Kills the data plane. */
  killDataPlane: () => Promise<void>;
  /** Starts it again at the address that it had. */
  restartDataPlane: () => Promise<void>;
  close: () => Promise<void>;
};

/** Call it before anything reads the environment. */
export async function openPlanes(): Promise<Planes> {
  const dropDatabase = await switchToOwnDatabase();
  const [first, worker] = await Promise.all([startDataPlane(), startWorker()]);
  let dataPlane = first;
  const proxy = await openProxy(first.port);
  return {
    proxy,
    killDataPlane: () => dataPlane.stop('SIGKILL'),
    restartDataPlane: async () => {
      dataPlane = await startDataPlane(first.port);
    },
    close: async () => {
      await proxy.close();
      await Promise.all([dataPlane.stop('SIGKILL'), worker.stop('SIGKILL')]);
      await dropDatabase();
    },
  };
}
