/** Reads the repositories that are due, a stretch of each in the order of their due times. */
import { claimDue, type Held } from '@/lib/domains/pull-requests/sync/lease';
import { readStretch } from '@/lib/domains/pull-requests/sync/read-stretch';
import { type Clock, systemClock } from '@/lib/platform/clock';

/** Repositories that a process reads at the same time, each of another customer. */
const atOnce = 4;
/** A stretch: one repository with many pull requests keeps no other waiting for longer. */
const stretch = { maxRequests: 200, maxMs: 120_000 };

type Options = {
  signal: AbortSignal;
  clock?: Clock;
  /** Only repositories of these customers. */
  customers?: readonly string[];
};

/** Reads until none is due or `signal` asks to stop; answers how many stretches that were. */
export async function syncDueRepositories({ signal, clock = systemClock, customers }: Options): Promise<number> {
  let stretches = 0;
  const claim = () => (signal.aborted ? null : claimDue(customers ? { clock, only: customers } : { clock }));
  const work = async (places: number): Promise<void> => {
    const first = await claim();
    if (!first) return;
    const readOn = async () => {
      for (let held: Held | null = first; held; held = await claim()) {
        await readStretch(held, { clock, signal, ...stretch });
        stretches++;
      }
    };
    // Only where something was due another one looks for more.
    await Promise.all([readOn(), places > 1 ? work(places - 1) : undefined]);
  };
  await work(atOnce);
  return stretches;
}
