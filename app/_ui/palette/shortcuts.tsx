'use client';
/**
 * The button of the search, and the keys: Ctrl K or ⌘ K and ?. What they open is loaded on its first use. Without scripts the button
 * is a link to the search page, which finds the same.
 */
import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import type { Target } from '@/app/_ui/palette/target';

type Props = { targets: readonly Target[]; customerId: string; children: ReactNode };
type Opened = ComponentType<Props & { onClose: () => void }>;

const parts = {
  palette: () => import('@/app/_ui/palette/palette').then((part): Opened => part.Palette),
  list: () => import('@/app/_ui/palette/shortcut-list').then((part): Opened => part.ShortcutList),
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function Shortcuts(props: Props) {
  const [Part, setPart] = useState<Opened>();
  useEffect(() => {
    const open = (name: keyof typeof parts): void => {
      // A dialog that asks something comes first.
      if (document.querySelector('dialog[open]')) return;
      parts[name]().then(
        part => setPart(() => part),
        () => name === 'palette' && location.assign('/search'),
      );
    };
    const onKey = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      const isSearch = (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k';
      if (!isSearch && (key !== '?' || ctrlKey || metaKey || altKey || isTyping(event.target))) return;
      event.preventDefault();
      open(isSearch ? 'palette' : 'list');
    };
    const onClick = (event: MouseEvent): void => {
      const opener = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-opens]') : null;
      if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(opener.dataset.opens === 'list' ? 'list' : 'palette');
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('click', onClick);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('click', onClick);
    };
  }, []);
  return (
    <>
      <a
        href="/search"
        className="btn btn-plain palette-opener"
        data-opens="palette"
        aria-keyshortcuts="Control+K Meta+K"
      >
        {props.children}
      </a>
      {Part && <Part {...props} onClose={() => setPart(undefined)} />}
    </>
  );
}
