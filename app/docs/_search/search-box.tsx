'use client';
/**
 * The search box: results while one types, by arrow keys and Enter. The list of headings and what finds among them are
 * loaded when it is first focused. Without scripts it is a form that leads to /docs/search.
 */
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { DocsHeading } from '@/app/docs/_search/find-headings';

type Find = (question: string) => DocsHeading[];

async function loadSearch(): Promise<Find> {
  const [{ findHeadings }, answer] = await Promise.all([
    import('@/app/docs/_search/find-headings'),
    fetch('/docs/search.json'),
  ]);
  if (!answer.ok) throw new Error(`search.json: ${answer.status}`);
  const { headings } = (await answer.json()) as { headings: DocsHeading[] };
  return question => findHeadings(headings, question, 8);
}

export function SearchBox({ question }: { question: string }) {
  const router = useRouter();
  const id = useId();
  const loading = useRef<Promise<Find> | null>(null);
  const [find, setFind] = useState<{ by: Find } | null>(null);
  const [text, setText] = useState(question);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const results = open && find ? find.by(text) : [];
  const load = () => {
    loading.current ??= loadSearch();
    loading.current.then(
      by => setFind({ by }),
      // The next focus tries again; Enter leads to the server's search all the same.
      () => {
        loading.current = null;
      },
    );
  };
  const go = (href: string) => {
    setOpen(false);
    router.push(href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = results[chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (results.length > 0) setChosen((chosen + step + results.length) % results.length);
    } else if (event.key === 'Enter' && at) {
      event.preventDefault();
      go(at.href);
    } else if (event.key === 'Escape') setOpen(false);
  };
  const optionId = (index: number) => `${id}-${index}`;
  return (
    <search className="docs-search">
      <form action="/docs/search">
        <input
          className="control"
          type="search"
          name="q"
          aria-label="Search the documentation"
          placeholder="Search the docs"
          autoComplete="off"
          maxLength={200}
          role="combobox"
          aria-expanded={results.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={results.length > 0 ? optionId(chosen) : undefined}
          value={text}
          onChange={event => {
            setText(event.target.value);
            setChosen(0);
            setOpen(true);
          }}
          onFocus={load}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </form>
      <div id={`${id}-list`} role="listbox" aria-label="Places found" className="docs-results" hidden={!results.length}>
        {results.map(({ href, title, page, text: begins }, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and names the chosen one.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box takes the keys.
          <div
            key={href}
            id={optionId(index)}
            role="option"
            aria-selected={index === chosen}
            className="docs-result"
            onMouseDown={event => event.preventDefault()}
            onClick={() => go(href)}
          >
            <span>
              <strong>{title}</strong> <span className="text-meta text-muted">{page}</span>
            </span>
            <span className="text-meta text-muted">{begins}</span>
          </div>
        ))}
      </div>
      <p role="status" className="sr-only">
        {open && find && text.trim() !== '' && `${results.length} places found`}
      </p>
    </search>
  );
}
