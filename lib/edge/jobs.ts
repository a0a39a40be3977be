/** Every job of the product, and the mirrors they write to; importing this registers them. */
import '@/lib/domains/api-keys/jobs';
import '@/lib/domains/customers/jobs';
import '@/lib/domains/notifications/jobs';
import '@/lib/domains/audit/jobs';
import '@/lib/domains/quotas/jobs';
import '@/lib/domains/subscriptions/deadline-jobs';
import '@/lib/domains/subscriptions/jobs';
import '@/lib/domains/subscriptions/report-jobs';
import '@/lib/kernel/audit-jobs';
import '@/lib/kernel/forget-runs';
import '@/lib/edge/mirrors';
