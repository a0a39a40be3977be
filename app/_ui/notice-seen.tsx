'use client';
/** Ends the cookie of a notice that is on the page, so that a reload does not say it again. Without scripts the proxy does, as it comes by a request of its own. */
import { useEffect } from 'react';

export function NoticeSeen({ cookie }: { cookie: string }) {
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet.
    document.cookie = `${cookie}=; Path=/; Max-Age=0; SameSite=Lax`;
  });
  return null;
}
