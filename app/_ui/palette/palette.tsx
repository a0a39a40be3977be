'use client';
/** The palette: a dialog in which pages, forms and things of the organization are found by typing. Loaded on its first use. */
import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useFound } from '@/app/_ui/palette/found';
import { useHeadings } from '@/app/_ui/palette/headings';
import { recentTargets, rememberTarget } from '@/app/_ui/palette/recent';
import { byGroup, matching, type Target } from '@/app/_ui/palette/target';

type Props = { targets: readonly Target[]; customerId: string; onClose: () => void };

/** Without a word: what was opened last, then everything there is. A thing that is there twice is there once. */
function shownFor(typed: string, recent: Target[], targets: readonly Target[], found: Target[], headings: Target[]) {
  if (typed.trim() === '') return byGroup([...recent, ...targets]);
  return byGroup([...matching(targets, typed), ...found, ...matching(headings, typed).slice(0, 8)]);
}

const itemOf = ({ group, href, label }: Target): string => `${group} ${href} ${label}`;

export function Palette({ targets, customerId, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [recent] = useState(() => recentTargets(customerId));
  const headings = useHeadings();
  const { found, busy } = useFound(typed, customerId);
  // The browser keeps the focus inside, and gives it back to where it was; by itself it would begin with cmdk's frame.
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector('input')?.focus();
  }, []);
  const groups = shownFor(typed, recent, targets, found, headings);
  const [first] = groups[0]?.[1] ?? [];
  const firstValue = first ? itemOf(first) : '';
  // What comes first is what Enter opens, also where it came later than the rest.
  const [chosen, setChosen] = useState(firstValue);
  useEffect(() => setChosen(firstValue), [firstValue]);
  const count = groups.reduce((sum, [, items]) => sum + items.length, 0);
  const open = (target: Target) => {
    rememberTarget(customerId, target);
    dialog.current?.close();
    router.push(target.href);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the palette closes it, as Esc does.
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Search"
      onClose={onClose}
      onClick={event => event.target === dialog.current && dialog.current.close()}
    >
      <Command shouldFilter={false} label="Search" loop value={chosen} onValueChange={setChosen}>
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder="Search pages, keys, runs, people, or paste an id"
          maxLength={400}
          spellCheck={false}
        />
        <Command.List label="Results">
          {groups.map(([group, items]) => (
            <Command.Group key={group} heading={group}>
              {items.map(target => (
                <Command.Item key={target.href + target.label} value={itemOf(target)} onSelect={() => open(target)}>
                  <span className="palette-label">{target.label}</span>
                  {target.detail && <span className="palette-detail">{target.detail}</span>}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
        {count === 0 && <p className="palette-none">{busy ? 'Searching…' : 'Nothing found.'}</p>}
        <p role="status" className="sr-only">
          {busy ? '' : count === 1 ? '1 result' : `${count} results`}
        </p>
        <p className="palette-foot">
          <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> opens <kbd>Esc</kbd> closes
        </p>
      </Command>
    </dialog>
  );
}
