/** Every job of the product; importing this registers them. */
import '@/lib/domains/api-keys/jobs';
import '@/lib/domains/notifications/jobs';
import '@/lib/domains/quotas/jobs';
import '@/lib/kernel/audit-jobs';
