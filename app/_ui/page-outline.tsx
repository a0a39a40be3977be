'use client';
/** While a clicked link's page is awaited its outline covers the old one; without scripts the browser shows its own progress. */
import { usePathname } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { awaitedPage } from '@/app/_ui/awaited-page';
import { type OutlineKind, outlineOf } from '@/app/_ui/outline';

/** Most pages are here sooner, and a flash of grey would only make them seem slower. */
const coverAfterMs = 200;

export function PageOutline() {
  const href = useSyncExternalStore(awaitedPage.subscribe, awaitedPage.read, awaitedPage.readOnServer);
  const here = usePathname();
  const [cover, setCover] = useState(false);
  const path = href?.split(/[?#]/)[0] || null;
  useEffect(() => {
    // Another filter of the same page keeps it in sight.
    if (!path || path === here || !path.startsWith('/')) return;
    const timer = setTimeout(() => setCover(true), coverAfterMs);
    return () => {
      clearTimeout(timer);
      setCover(false);
    };
  }, [path, here]);
  if (!cover || !path) return null;
  const { kind, section } = outlineOf(path);
  return (
    <div className="outline-cover" role="status">
      <span className="sr-only">Loading{section && ` ${section}`}</span>
      <Outline kind={kind} />
    </div>
  );
}

/** A page's grey shapes, of the sizes that its parts will have. */
export const Outline = ({ kind }: { kind: OutlineKind }) => (
  <div className="mx-auto flex max-w-content flex-col gap-6" aria-hidden="true">
    <Head />
    {shapes[kind]}
  </div>
);

const Head = () => (
  <div className="flex flex-col gap-3">
    <div className="skeleton h-3 w-24" />
    <div className="skeleton h-6 w-48" />
    <div className="skeleton h-3 w-80 max-w-full" />
  </div>
);

const Table = ({ rows }: { rows: number }) => (
  <div className="card flex flex-col px-4 py-1">
    {Array.from({ length: rows }, (_, row) => row).map(row => (
      <div key={row} className="outline-row">
        <div className="skeleton h-3 w-1/4" />
        <div className="skeleton h-3 w-1/6" />
        <div className="skeleton h-3 w-1/3" />
      </div>
    ))}
  </div>
);

const Figures = () => (
  <div className="card grid grid-cols-2 gap-6 p-4 lg:grid-cols-4">
    {[1, 2, 3, 4].map(figure => (
      <div key={figure} className="flex flex-col gap-2">
        <div className="skeleton h-3 w-20" />
        <div className="skeleton h-7 w-28" />
        <div className="skeleton h-2 w-full" />
      </div>
    ))}
  </div>
);

const Fields = ({ fields }: { fields: number }) => (
  <div className="flex max-w-form flex-col gap-5">
    {Array.from({ length: fields }, (_, field) => field).map(field => (
      <div key={field} className="flex flex-col gap-2">
        <div className="skeleton h-3 w-24" />
        <div className="skeleton h-8 w-full" />
      </div>
    ))}
    <div className="skeleton h-8 w-28" />
  </div>
);

const shapes: Record<OutlineKind, React.ReactNode> = {
  figures: (
    <>
      <Figures />
      <div className="card p-4">
        <div className="skeleton h-52 w-full" />
      </div>
      <Table rows={5} />
    </>
  ),
  list: (
    <>
      <div className="flex gap-3">
        <div className="skeleton h-8 w-56" />
        <div className="skeleton h-8 w-32" />
      </div>
      <Table rows={10} />
    </>
  ),
  one: (
    <>
      <Figures />
      <Table rows={8} />
    </>
  ),
  form: <Fields fields={4} />,
};
