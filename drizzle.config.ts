import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./lib/kernel/tables.ts', './lib/warehouse/ingest/tables.ts', './lib/domains/*/tables.ts'],
  out: './sql/migrations',
});
