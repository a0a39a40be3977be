/** Events of one run of a test's own, told in words: `run.start(0)`, `step.fail(30)`. Seconds count from the story's beginning. */
import type { SentEvent } from '@/lib/domains/lineage/samples/samples';
import { newUuid } from '@/lib/platform/ids';

export type Teller = {
  runId: string;
  /** An event of this type, so many seconds after the beginning. */
  event: (
    eventType: string,
    seconds: number,
    more?: Partial<SentEvent> & { facets?: Record<string, unknown> },
  ) => SentEvent;
};

type Named = { runId?: string; namespace?: string; name?: string };

/** Tells of runs from `beginning` on; three minutes ago unless it is said. */
export function story(beginning = new Date(Date.now() - 180_000)) {
  const at = (seconds: number): Date => new Date(beginning.getTime() + seconds * 1_000);
  const teller = ({ runId = newUuid(), namespace = 'airflow', name = 'daily' }: Named, facets: object): Teller => ({
    runId,
    event: (eventType, seconds, { facets: more = {}, ...rest } = {}) => ({
      eventType,
      eventTime: at(seconds).toISOString(),
      run: { runId, facets: { ...facets, ...more } },
      job: { namespace, name },
      ...rest,
    }),
  });
  const run = (named: Named = {}) => teller(named, {});
  /** A job whose parent is that run, which is the root too. */
  const step = (of: Teller, named: Named, root = { namespace: 'airflow', name: 'daily' }) =>
    teller(named, { parent: { run: { runId: of.runId }, job: root, root: { run: { runId: of.runId }, job: root } } });
  return { at, run, step };
}
