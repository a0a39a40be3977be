/** What the pages of repositories share: the frame, the 403 before any form, the repository or 404, the choice of a token. */
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import type { Option } from '@/app/_ui/field';
import { statuses } from '@/app/_ui/status';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { allCredentials } from '@/app/(portal)/credentials/_parts/all-credentials';
import { healthStatus } from '@/app/(portal)/credentials/_parts/credential-health';
import { findRepository } from '@/lib/domains/pull-requests/repositories/reads';
import type { CountedRepository } from '@/lib/domains/pull-requests/repositories/view';
import { requireMember, type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { AppError } from '@/lib/platform/errors';

export type RepositoryPageProps = { params: Promise<{ id: string }> };

export const repositoriesHref = '/pull-requests/repositories';
export const repositoryHref = (id: string): string => `${repositoriesHref}/${encodeURIComponent(id)}`;

type FrameProps = { visitor: Visitor; crumbs?: readonly { label: string; href?: string }[]; children: ReactNode };

/** The page in its frame, under the list of repositories. */
export const RepositoryFrame = ({ visitor, crumbs, children }: FrameProps) => (
  <PortalPage
    visitor={visitor}
    current="pulls"
    crumbs={crumbs ? [{ label: 'Repositories', href: repositoriesHref }, ...crumbs] : [{ label: 'Repositories' }]}
  >
    {children}
  </PortalPage>
);

/** The visitor who may change repositories, or the page that says who can; `action` is what was tried. */
export async function repositoryWriter(
  action: string,
  doWhat: string,
): Promise<{ visitor: Visitor } | { refused: ReactNode }> {
  const visitor = await requireMember();
  if (visitorMay(visitor, 'pull-requests:write')) return { visitor };
  return { refused: await deniedPage(visitor, action, `Only owners, admins and collaborators can ${doWhat}.`) };
}

/** The repository of the page's address; 404 for an unknown or foreign one. */
export async function repositoryOr404({ ctx }: Pick<Visitor, 'ctx'>, id: string): Promise<CountedRepository> {
  return findRepository(ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}

/** The same for a form, which one that was disconnected has not. */
export async function connectedOr404(visitor: Visitor, id: string): Promise<CountedRepository> {
  const repository = await repositoryOr404(visitor, id);
  if (!repository.is_connected) notFound();
  return repository;
}

/** The tokens of GitHub among the customer's credentials, as options. */
export async function tokenOptions({ ctx }: Pick<Visitor, 'ctx'>): Promise<Option[]> {
  const credentials = await allCredentials(ctx);
  return credentials
    .filter(({ kind }) => kind === 'github_token')
    .map(({ credential_id, name, health }) => ({
      value: credential_id,
      label: `${name} (${statuses[healthStatus[health]].word.toLowerCase()})`,
    }));
}
