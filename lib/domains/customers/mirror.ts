/** customers → customers.customer_profiles. */
import { type Customer, customers } from '@/lib/domains/customers/tables';
import { defineMirror } from '@/lib/warehouse/mirror/define-mirror';
import { mirrorSource } from '@/lib/warehouse/mirror/mirror-source';
import { type CustomerProfilesRow, tables } from '@/lib/warehouse/rows/customers';

export const customersMirror = defineMirror<Customer, CustomerProfilesRow>({
  name: 'customers.customer_profiles',
  shape: tables.customer_profiles,
  mode: 'upsert',
  ...mirrorSource(customers, { key: customers.customerId, customer: customers.customerId }),
  keyOf: customer => customer.customerId,
  customerOf: customer => customer.customerId,
  toRow: customer => ({
    customer_id: customer.customerId,
    company_name: customer.companyName,
    admin_email: customer.adminEmail,
    tenant_dataset_id: customer.tenantDatasetId,
    status: customer.status,
    subscription_plan: customer.subscriptionPlan,
    stripe_customer_id: customer.stripeCustomerId,
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
    trial_start_date: customer.trialStartDate,
    trial_end_date: customer.trialEndDate,
    support_tier: customer.supportTier,
    billing_email: customer.billingEmail,
    phone_number: customer.phoneNumber,
    data_residency: customer.dataResidency,
    requires_hipaa: customer.requiresHipaa,
    requires_soc2: customer.requiresSoc2,
    notes: customer.notes,
  }),
});
