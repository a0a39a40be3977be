/** What was just done with runs: said on the list, or on the run where it was one. */
import { formatPlural } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import { runHref } from '@/app/(portal)/_runs/run-links';
import type { Told } from '@/lib/edge/portal/landing';

const sentences = {
  again: (count: number) =>
    `${formatPlural(count, 'run')} queued. A worker that claims runs starts ${count === 1 ? 'it' : 'them'}.`,
  cancelled: (count: number) =>
    `${formatPlural(count, 'run')} cancelled or about to be: the workers of running ones are told with their next report or heartbeat.`,
} as const;
type Done = keyof typeof sentences;

/** Where the person lands after a change: on the run where it was one, else on the list. */
export function changeHref(done: Done, changed: number, left: number, ids: readonly string[]): Told {
  const [only] = ids;
  const path = ids.length === 1 && left === 0 && only ? runHref(only) : '/runs';
  return `${path}?done=${done}.${changed}.${left}`;
}

/** The notice; nothing where the page is told of no change. */
export function ChangeDone({ done: told = '' }: { done: string | undefined }) {
  const [, done, changed, left] = /^(again|cancelled)\.(\d{1,2})\.(\d{1,2})$/.exec(told) ?? [];
  if (!done || (done !== 'again' && done !== 'cancelled')) return null;
  const others = Number(left);
  return (
    <Notice tone={others > 0 ? 'warn' : 'ok'} closable>
      {Number(changed) > 0 ? sentences[done](Number(changed)) : 'Nothing was changed.'}
      {others > 0 && ` ${formatPlural(others, 'run')} stayed as ${others === 1 ? 'it is' : 'they are'}.`}
    </Notice>
  );
}
