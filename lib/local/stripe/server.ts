/** The Stripe double as a process of its own. */
import { defineEmulator } from 'emulate';
import { runDouble } from '@/lib/local/double-server';
export const stripe = defineEmulator({
  name: 'stripe',
  state: () => ({}),
  setup({ app }) {
    app.get('/health', c => c.json({ ok: true }));
  },
});
if (import.meta.main) await runDouble(stripe);
