/** The credential that a config uses, with its health. */
import { Card } from '@/app/_ui/card';
import { Link } from '@/app/_ui/link';
import { StatusBadge } from '@/app/_ui/status-badge';
import { healthStatus } from '@/app/(portal)/credentials/_parts/credential-health';
import { credentialHref } from '@/app/(portal)/credentials/_parts/credential-page';
import type { FoundConfig } from '@/app/(portal)/providers/_parts/provider-page';

export function CredentialCard({ config: { credential } }: { config: FoundConfig; now: Date }) {
  return (
    <Card title="Credential">
      {credential ? (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Link className="link wrap-anywhere" href={credentialHref(credential.credential_id)}>
            {credential.name}
          </Link>
          <StatusBadge status={healthStatus[credential.health]} />
        </p>
      ) : (
        <p className="text-muted">It uses none: its workers have what they need otherwise.</p>
      )}
    </Card>
  );
}
