'use client';
/**
 * The one box of a page's times, and who fills it. Without scripts a time shows its UTC instant as its title, and local times are
 * written by the server where the person chose a zone.
 */
import { useEffect, useRef } from 'react';

export function TimeBox() {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    let end: (() => void) | undefined;
    let gone = false;
    // After the page itself: a time says what it says without it.
    import('@/app/_ui/times/attach-times').then(
      ({ attachTimes }) => {
        if (!gone && box.current) end = attachTimes(box.current);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      end?.();
    };
  }, []);
  return <aside ref={box} id="time-box" popover="manual" aria-label="Exact time" className="time-box" />;
}
