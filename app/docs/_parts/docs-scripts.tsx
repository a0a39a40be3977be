'use client';
/**
 * Copies code, and keeps the chosen language for all samples of all pages. Without it the radio buttons of each sample
 * still choose its language, and code is selected by hand.
 */
import { useEffect, useState } from 'react';

const oneYearSeconds = 31_536_000;

/** The code that shows in the figure. */
const shownCode = (figure: Element): string =>
  [...figure.querySelectorAll<HTMLElement>('pre')].find(pre => pre.offsetParent !== null)?.textContent ?? '';

async function copyFrom(button: HTMLElement, say: (text: string) => void): Promise<void> {
  const figure = button.closest('[data-code]');
  if (!figure) return;
  try {
    await navigator.clipboard.writeText(shownCode(figure));
    button.dataset.copied = '';
    say('Copied');
    setTimeout(() => {
      delete button.dataset.copied;
      say('');
    }, 2_000);
  } catch {
    say('Could not copy. Select the code and press Ctrl+C.');
  }
}

function chooseEverywhere(language: string): void {
  for (const input of document.querySelectorAll<HTMLInputElement>('[data-sample-language]'))
    if (input.value === language) input.checked = true;
}

export function DocsScripts({ cookieName }: { cookieName: string }) {
  const [said, say] = useState('');
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const button = event.target instanceof Element && event.target.closest<HTMLElement>('[data-copy-code]');
      if (button) void copyFrom(button, say);
    };
    const onChange = ({ target }: Event) => {
      if (!(target instanceof HTMLInputElement) || target.dataset.sampleLanguage === undefined) return;
      // biome-ignore lint/suspicious/noDocumentCookie: the only way that every browser has; the server reads it.
      document.cookie = `${cookieName}=${target.value}; path=/docs; max-age=${oneYearSeconds}; samesite=lax`;
      const { top } = target.getBoundingClientRect();
      chooseEverywhere(target.value);
      // Samples above may have become longer; what the reader looks at stays where it is.
      window.scrollBy(0, target.getBoundingClientRect().top - top);
    };
    document.addEventListener('click', onClick);
    document.addEventListener('change', onChange);
    return () => {
      document.removeEventListener('click', onClick);
      document.removeEventListener('change', onChange);
    };
  }, [cookieName]);
  return (
    <p role="status" className={said.startsWith('Could not') ? 'docs-said notice tone-bad' : 'sr-only'}>
      {said}
    </p>
  );
}
