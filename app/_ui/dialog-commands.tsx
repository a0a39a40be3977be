'use client';
/** Opens and closes dialogs in browsers that do not know `command` and `commandfor` yet; does nothing in the others. */
import { useEffect } from 'react';

export function DialogCommands() {
  useEffect(() => {
    if ('command' in HTMLButtonElement.prototype) return;
    const onClick = (event: MouseEvent) => {
      const button = event.target instanceof Element ? event.target.closest('button[commandfor]') : null;
      const dialog = button && document.getElementById(button.getAttribute('commandfor') ?? '');
      if (!(dialog instanceof HTMLDialogElement)) return;
      if (button?.getAttribute('command') === 'show-modal') dialog.showModal();
      else dialog.close();
    };
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, []);
  return null;
}
