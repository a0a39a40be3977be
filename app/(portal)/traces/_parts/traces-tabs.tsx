/** The pages of "AI usage" as tabs. */
import { Tabs } from '@/app/_ui/tabs';

export const tracesPages = [
  { id: 'usage', href: '/traces', label: 'Usage' },
  { id: 'sessions', href: '/traces/sessions', label: 'Sessions' },
  { id: 'models', href: '/traces/models', label: 'Models' },
  { id: 'imports', href: '/traces/imports', label: 'Imports' },
  { id: 'prices', href: '/traces/prices', label: 'Prices' },
  { id: 'budgets', href: '/traces/budgets', label: 'Budgets' },
] as const;

export function TracesTabs({ current }: { current: (typeof tracesPages)[number]['id'] }) {
  return (
    <Tabs
      label="AI usage"
      items={tracesPages.map(({ id, href, label }) => ({ href, label, current: id === current }))}
    />
  );
}
