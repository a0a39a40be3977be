/** audit_log → customers.customer_audit_log; rows are only ever added. */

import { auditLog } from '@/lib/kernel/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerAuditLogRow, tables } from '@/lib/warehouse/rows/customers';

export const auditMirror = defineMirror<typeof auditLog.$inferSelect, CustomerAuditLogRow>({
  name: 'customers.customer_audit_log',
  shape: tables.customer_audit_log,
  mode: 'insert',
  ...mirrorSource(auditLog, { key: auditLog.auditId, customer: auditLog.customerId }),
  keyOf: entry => entry.auditId,
  customerOf: entry => entry.customerId,
  toRow: entry => ({
    audit_id: entry.auditId,
    customer_id: entry.customerId,
    sequence: entry.sequence,
    occurrences: entry.occurrences,
    occurred_at: entry.occurredAt,
    actor_type: entry.actorType,
    actor_id: entry.actorId,
    action: entry.action,
    target_type: entry.targetType,
    target_id: entry.targetId,
    outcome: entry.outcome,
    before: entry.before,
    after: entry.after,
    request_id: entry.requestId,
    ip_prefix: entry.ipPrefix,
    user_agent: entry.userAgent,
  }),
});
