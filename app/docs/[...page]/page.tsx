/** /docs/<page>, also those of the references, such as /docs/api/runs. */
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { connection } from 'next/server';
import { addresses } from '@/app/docs/_content/addresses';
import { pageAt } from '@/app/docs/_content/pages';
import { PageView } from '@/app/docs/_parts/page-view';

type Props = { params: Promise<{ page: string[] }> };

const entryOf = async ({ params }: Props) => pageAt((await params).page.join('/'));

export async function generateMetadata(props: Props): Promise<Metadata> {
  const entry = await entryOf(props);
  if (!entry) return { title: 'Not found · Tenantry' };
  return { title: `${entry.content(addresses()).title} · Docs · Tenantry` };
}

export default async function DocsContentPage(props: Props) {
  await connection();
  const entry = await entryOf(props);
  if (!entry) notFound();
  return <PageView page={entry.content(addresses())} />;
}
