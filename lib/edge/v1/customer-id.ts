/** The customer a call acts for, which its query or body may name beside what the operation takes. */
import { z } from 'zod';

/** A customer named by a service key; a customer's own key may leave it out. */
export const customerId = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Customer to act for. Service keys must send it; a customer’s key may name only its own.' });
