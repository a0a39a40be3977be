'use client';
/** Looks for the first event every 3 s while somebody looks at the page, half an hour long. */
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const everyMs = 3_000;
const tries = 600;

export function WaitForEvent() {
  const router = useRouter();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked >= tries) return;
    const timer = setTimeout(() => {
      if (!document.hidden) router.refresh();
      setAsked(asked + 1);
    }, everyMs);
    return () => clearTimeout(timer);
  }, [asked, router]);
  return (
    <span role="status" className="inline-flex items-center gap-2 font-medium">
      {asked < tries && (
        <span aria-hidden="true" className="spinner size-4 rounded-full border-2 border-current border-t-transparent" />
      )}
      Waiting for your first event…
    </span>
  );
}
