/** The mark and the name beside it; the drawing is that of public/icon.svg. */
export const Mark = ({ size = 24 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" className="mark" aria-hidden="true">
    <rect width="32" height="32" rx="8" className="mark-ground" />
    <rect x="7" y="7.5" width="18" height="5" rx="1.75" className="mark-beam" />
    <rect x="13.25" y="14.25" width="5.5" height="10.5" rx="1.75" className="mark-beam" />
    <rect x="7" y="14.25" width="4.5" height="4.5" rx="1.5" className="mark-tenant" />
    <rect x="20.5" y="14.25" width="4.5" height="4.5" rx="1.5" className="mark-tenant" />
    <rect x="7" y="20.25" width="4.5" height="4.5" rx="1.5" className="mark-tenant" />
    <rect x="20.5" y="20.25" width="4.5" height="4.5" rx="1.5" className="mark-tenant" />
  </svg>
);

export const Wordmark = () => (
  <span className="wordmark">
    <Mark />
    Tenantry
  </span>
);
