'use client';
/** The headings of the docs, asked once a visit; where they cannot be had, the palette does without them. */
import { useEffect, useState } from 'react';
import type { Target } from '@/app/_ui/palette/target';

let asked: Promise<Target[]> | undefined;

const isHeading = (value: unknown): value is { title: string; href: string; page?: string } => {
  const { title, href } = (value ?? {}) as { title?: unknown; href?: unknown };
  return typeof title === 'string' && typeof href === 'string' && href.startsWith('/docs');
};

async function ask(): Promise<Target[]> {
  const answer = await fetch('/docs/search.json');
  if (!answer.ok) return [];
  const { headings } = (await answer.json()) as { headings?: unknown };
  return (Array.isArray(headings) ? headings : [])
    .filter(isHeading)
    .map(({ title, href, page }) => ({ group: 'Docs', label: title, href, detail: page }));
}

export function useHeadings(): Target[] {
  const [headings, setHeadings] = useState<Target[]>([]);
  useEffect(() => {
    asked ??= ask().catch(() => []);
    let gone = false;
    void asked.then(found => gone || setHeadings(found));
    return () => {
      gone = true;
    };
  }, []);
  return headings;
}
