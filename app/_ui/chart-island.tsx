'use client';
/** Makes a chart's columns readable one by one, by mouse, finger and keys. Without scripts the bars' titles and the table say the same. */
import { useEffect, useRef } from 'react';
import { readColumns } from '@/app/_ui/chart-columns';

type Props = {
  /** "Runs, last 30 days (UTC), each day". */
  label: string;
};

export function ChartIsland({ label }: Props) {
  const plot = useRef<HTMLDivElement>(null);
  useEffect(() => (plot.current ? readColumns(plot.current, label) : undefined), [label]);
  return <div ref={plot} className="chart-reader" />;
}
