/** Access lists and IAM policies as data: what is missing from one, and the one that has it. Pure. */
import type { DatasetAccess } from '@/lib/warehouse/schemas/rest';

export type Binding = { role: string; members?: string[]; condition?: unknown };
export type Policy = { version?: number; etag?: string; bindings?: Binding[] };

/** True when every member has the role without a condition. */
export const hasMembers = (policy: Policy, role: string, members: readonly string[]) =>
  members.every(member =>
    policy.bindings?.some(binding => binding.role === role && !binding.condition && binding.members?.includes(member)),
  );

/** The policy with the role given to the members; its etag stays, so that a write in between is noticed. */
export function withMembers(policy: Policy, role: string, members: readonly string[]): Policy {
  const bindings = policy.bindings ?? [];
  const present = bindings.find(binding => binding.role === role && !binding.condition);
  const merged = { role, members: [...new Set([...(present?.members ?? []), ...members])] };
  return { ...policy, bindings: [...bindings.filter(binding => binding !== present), merged] };
}

type ViewReference = { projectId: string; datasetId: string; tableId: string };
const isView = (access: DatasetAccess, view: ViewReference) =>
  access.view?.projectId === view.projectId &&
  access.view.datasetId === view.datasetId &&
  access.view.tableId === view.tableId;

/** Views that the dataset does not authorize yet. */
export const unauthorizedViews = (access: readonly DatasetAccess[], views: readonly ViewReference[]) =>
  views.filter(view => !access.some(entry => isView(entry, view)));

/** The access list with the views authorized; all other entries stay. */
export const withAuthorizedViews = (
  access: readonly DatasetAccess[],
  views: readonly ViewReference[],
): DatasetAccess[] => [...access, ...unauthorizedViews(access, views).map(view => ({ view }))];
