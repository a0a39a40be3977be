'use client';
/** Copies a text and says so only when it is true; a failure is shown, not swallowed. */
import { useEffect, useState } from 'react';

type Props = {
  value: string;
  /** What is copied, for assistive technology: "Copy API key". */
  label: string;
  /** The noun of the failure text: "Select the key and press Ctrl+C." */
  noun?: string;
};

const shownMs = 2000;

export function CopyButton({ value, label, noun = 'text' }: Props) {
  const [result, setResult] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (result !== 'copied') return;
    const timer = setTimeout(() => setResult('none'), shownMs);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <button type="button" className="btn btn-plain" aria-label={label} onClick={copy}>
        {result === 'copied' ? 'Copied' : 'Copy'}
      </button>
      <span role="status" className={result === 'failed' ? 'text-bad' : 'sr-only'}>
        {result === 'copied' && 'Copied'}
        {result === 'failed' && `Could not copy. Select the ${noun} and press Ctrl+C.`}
      </span>
    </span>
  );
}
