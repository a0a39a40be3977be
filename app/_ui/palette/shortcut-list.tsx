'use client';
/** The list of shortcuts. Only those that there are. Loaded on its first use. */
import { useEffect, useRef } from 'react';

const shortcuts: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Ctrl', 'K'], 'Search and go anywhere; ⌘ K on a Mac'],
  [['?'], 'This list'],
  [['Esc'], 'Close a dialog, a menu or the box of a time'],
  [['Tab'], 'The next link, button or field; a table’s times are one stop'],
  [['←', '→'], 'In a chart: from column to column'],
  [['↑', '↓'], 'From time to time in a table; Home and End lead to its first and last'],
  [['Enter'], 'On a time: copy it as ISO'],
];

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="shortcut-list" onClose={onClose}>
      <h2 id="shortcut-list">Keyboard shortcuts</h2>
      <dl className="shortcut-list">
        {shortcuts.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="btn btn-plain">
          Close
        </button>
      </form>
    </dialog>
  );
}
