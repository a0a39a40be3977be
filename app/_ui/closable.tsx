'use client';
/** A notice with a button that closes it; what comes with another page is shown again. Without scripts there is no button. */
import { type ReactNode, useState } from 'react';

export function Closable({ children, className, role }: { children: ReactNode; className: string; role: string }) {
  const [closed, setClosed] = useState<ReactNode>(null);
  if (closed === children) return null;
  return (
    <div role={role} className={className}>
      {children}
      <button
        type="button"
        className="btn btn-quiet btn-icon needs-script"
        aria-label="Close this notice"
        onClick={() => {
          setClosed(children);
          // The button is gone with its notice: the focus goes on where the page begins.
          document.getElementById('main')?.focus();
        }}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
  );
}
