/** Permissions that the connection test asks for; only Google Cloud can be asked. */
import { TextArea } from '@/app/_ui/field';
import type { CredentialKind } from '@/lib/domains/credentials/rules';

export const permissionLabel = { required_permissions: 'Permissions to test' };

export function PermissionField({ kind, current = [] }: { kind: CredentialKind; current?: readonly string[] }) {
  if (kind !== 'gcp_service_account') return null;
  return (
    <TextArea
      name="required_permissions"
      label={permissionLabel.required_permissions}
      optional
      rows={3}
      mono
      spellCheck={false}
      defaultValue={current.join('\n')}
      placeholder="bigquery.jobs.create"
      help="One a line. The test says which of them are missing on the project."
    />
  );
}
