'use client';
/** Waits for a payment that Stripe has not confirmed yet: asks the page again every two seconds, a minute long. */
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

const everyMs = 2_000;
const tries = 30;

/** Says `asking` while it asks, `givenUp` once it does no more. */
export function Activating({ asking, givenUp }: { asking: string; givenUp: string }) {
  const router = useRouter();
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked >= tries) return;
    const timer = setTimeout(() => {
      router.refresh();
      setAsked(asked + 1);
    }, everyMs);
    return () => clearTimeout(timer);
  }, [asked, router]);
  return asked < tries ? asking : givenUp;
}
