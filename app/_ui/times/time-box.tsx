'use client';
/**
 * The one box of a page's times, and who fills it. Without scripts a time shows its UTC instant as its title, and local times are
 * written by the server where the person chose a zone.
 */
import { useEffect, useRef } from 'react';
import { attachTimes } from '@/app/_ui/times/attach-times';

export function TimeBox() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => (box.current ? attachTimes(box.current) : undefined), []);
  return <div ref={box} id="time-box" popover="manual" role="tooltip" className="time-box" />;
}
