'use client';
/** Asks for a page that goes on again, every 5 s while it is looked at, and says how old what is shown is. */
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const pollMs = 5_000;

type Props = {
  /** When the server drew the page, in milliseconds; a new value is a new answer. */
  drawnAtMs: number;
};

export function LiveRefresh({ drawnAtMs }: Props) {
  const router = useRouter();
  const [isPaused, setPaused] = useState(false);
  const [shownMs, setShownMs] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer of the server starts the count anew.
  useEffect(() => {
    const since = performance.now();
    setShownMs(0);
    const timer = setInterval(() => setShownMs(performance.now() - since), 1_000);
    return () => clearInterval(timer);
  }, [drawnAtMs]);
  useEffect(() => {
    if (isPaused) return;
    const ask = () => document.hidden || router.refresh();
    const timer = setInterval(ask, pollMs);
    document.addEventListener('visibilitychange', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [isPaused, router]);
  const seconds = Math.floor(shownMs / 1_000);
  return (
    <p className="flex flex-wrap items-center gap-3 text-table text-muted">
      <span>
        Updated {seconds < 1 ? 'just now' : `${seconds} s ago`}
        {isPaused && ', paused'}
      </span>
      <button type="button" className="btn btn-plain" onClick={() => setPaused(!isPaused)}>
        {isPaused ? 'Go on' : 'Pause'}
      </button>
    </p>
  );
}
