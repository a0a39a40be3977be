'use client';
/** What the server finds for what was typed: asked once typing pauses, an older question given up; without an answer the pages stay. */
import { useEffect, useState } from 'react';
import { formatInstant } from '@/app/_ui/format';
import { type Target, withoutSecret } from '@/app/_ui/palette/target';

const pauseMs = 150;

type Found = { group: string; name: string; detail: string; at: string | null; href: string };

const targetOf = ({ group, name, detail, at, href }: Found): Target => ({
  group,
  label: name,
  detail: at ? `${detail}, ${formatInstant(at)}` : detail,
  href,
});

async function ask(q: string, customerId: string, signal: AbortSignal): Promise<Target[]> {
  const headers = { 'x-customer-id': customerId };
  const answer = await fetch(`/api/search?q=${encodeURIComponent(q)}`, { signal, headers });
  if (!answer.ok) return [];
  const { data } = (await answer.json()) as { data: Found[] };
  return data.map(targetOf);
}

export function useFound(typed: string, customerId: string): { found: Target[]; busy: boolean } {
  const q = withoutSecret(typed);
  const [answer, setAnswer] = useState<{ q: string; found: Target[] }>({ q: '', found: [] });
  useEffect(() => {
    if (q === '') return;
    const giveUp = new AbortController();
    const timer = setTimeout(() => {
      ask(q, customerId, giveUp.signal).then(
        found => setAnswer({ q, found }),
        () => giveUp.signal.aborted || setAnswer({ q, found: [] }),
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      giveUp.abort();
    };
  }, [q, customerId]);
  if (q === '') return { found: [], busy: false };
  return { found: answer.found, busy: answer.q !== q };
}
