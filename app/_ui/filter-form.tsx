'use client';
/** The filters' form: navigates without empty parameters and keeps the old rows, dimmed, until the new ones are there. */
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useTransition } from 'react';

type Props = { action: string; resultsId: string; children: ReactNode };

export function FilterForm({ action, resultsId, children }: Props) {
  const router = useRouter();
  const [busy, startTransition] = useTransition();
  useEffect(() => {
    const results = document.getElementById(resultsId);
    results?.setAttribute('aria-busy', String(busy));
    return () => results?.removeAttribute('aria-busy');
  }, [busy, resultsId]);
  return (
    <form
      action={action}
      method="get"
      className="flex flex-wrap items-end gap-x-2 gap-y-3"
      onSubmit={event => {
        event.preventDefault();
        const query = new URLSearchParams();
        for (const [name, value] of new FormData(event.currentTarget)) {
          if (typeof value === 'string' && value.trim()) query.set(name, value.trim());
        }
        startTransition(() => router.push(query.size > 0 ? `${action}?${query}` : action));
      }}
    >
      {children}
    </form>
  );
}
