/** Every job of the product, and the mirrors they write to; importing this registers them. */
import '@/lib/domains/keys/jobs';
import '@/lib/domains/organizations/jobs';
import '@/lib/domains/notifications/jobs';
import '@/lib/domains/audit/jobs';
import '@/lib/domains/quotas/jobs';
import '@/lib/domains/subscriptions/standing/deadline-jobs';
import '@/lib/domains/subscriptions/jobs';
import '@/lib/domains/subscriptions/reports/report-jobs';
import '@/lib/kernel/audit/audit-jobs';
import '@/lib/kernel/forget-job-runs';
import '@/lib/edge/worker/mirrors';
