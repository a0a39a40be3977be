'use client';
/** Asks for the calls of a new key until one was answered well, and shows it; a refusal is shown with what it means, and waiting goes on. */
import { useEffect, useState } from 'react';
import { formatClock } from '@/app/_ui/format';
import type { FirstCall } from '@/lib/edge/portal/form-state';

type Call = { at: string; method: string; route: string; status: number; code: string | null };

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;
const growth = 1.3;
const waitMs = 10 * 60_000;

/** The latest call of the key, a good one before a refused one; null where there is none yet, or it cannot be read now. */
async function latestCall(href: string, signal: AbortSignal): Promise<Call | null> {
  try {
    const answer = await fetch(href, { cache: 'no-store', signal });
    if (!answer.ok) return null;
    const { latest } = (await answer.json()) as { latest: Call[] };
    return latest.find(({ status }) => status < 400) ?? latest[0] ?? null;
  } catch {
    return null;
  }
}

/** Resolves after the pause, and then once the page is looked at. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const seen = () => {
      if (document.hidden) document.addEventListener('visibilitychange', seen, { once: true, signal });
      else resolve();
    };
    const timer = setTimeout(seen, ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });

/** Waits anew each time that a person asks to look again. */
export function WaitForCall(props: FirstCall) {
  const [round, setRound] = useState(0);
  return <Wait key={round} {...props} onAgain={() => setRound(round + 1)} />;
}

function Wait({ callsHref, keyHref, runsHref, onAgain }: FirstCall & { onAgain: () => void }) {
  const [call, setCall] = useState<Call | null>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const wait = async () => {
      const end = Date.now() + waitMs;
      for (let ms = firstPauseMs; Date.now() < end; ms = Math.min(longestPauseMs, ms * growth)) {
        await pause(ms, signal);
        const found = await latestCall(callsHref, signal);
        if (signal.aborted) return;
        if (found) setCall(found);
        if (found && found.status < 400) return;
      }
      setOver(true);
    };
    void wait();
    return () => controller.abort();
  }, [callsHref]);
  const isDone = call !== null && call.status < 400;
  return (
    <div className="flex flex-col items-start gap-2">
      <div role="status" aria-live="polite" className="flex flex-col gap-2">
        {call && <Answered call={call} />}
        {!isDone && !isOver && <Waiting again={call !== null} />}
        {!isDone && isOver && <p className="text-muted">No further call came in 10 minutes.</p>}
      </div>
      {!isDone && isOver && (
        <button type="button" className="btn btn-plain" onClick={onAgain}>
          Check again
        </button>
      )}
      {isDone && (
        <a className="link" href={runsHref ?? keyHref}>
          {runsHref ? 'See the run' : 'See the key’s calls'}
        </a>
      )}
    </div>
  );
}

const Waiting = ({ again }: { again: boolean }) => (
  <p className="inline-flex items-center gap-2 font-medium">
    <span aria-hidden="true" className="spinner size-4 rounded-full border-2 border-current border-t-transparent" />
    {again ? 'Waiting for the next call…' : 'Waiting for your first call…'}
  </p>
);

/** "POST /v1/runs was answered 201 at 14:02:09 UTC.", or what was refused with the way to what it means. */
function Answered({ call: { at, method, route, status, code } }: { call: Call }) {
  const what = <code className="wrap-anywhere">{`${method} ${route}`}</code>;
  if (status < 400)
    return (
      <p className="notice tone-ok">
        <span>
          Your first call came: {what} was answered <strong>{status}</strong> at {formatClock(at)}.
        </span>
      </p>
    );
  return (
    <p className="notice tone-bad">
      <span>
        {what} was refused with <strong>{status}</strong> at {formatClock(at)}
        {code && (
          <>
            :{' '}
            <a className="link" href={`/docs/errors#${code}`}>
              {code}
            </a>
          </>
        )}
        .
      </span>
    </p>
  );
}
