/** The tables of the desk, as its callers may see them. */
import { z } from 'zod';
import { deskTables } from '@/lib/domains/desk/catalog/desk-tables';
import type { DeskTable } from '@/lib/domains/desk/rules';
import { defineOperation } from '@/lib/kernel/operation';

/** The tables that the caller's queries may name, by group and name. AppError forbidden. */
export const listTables = defineOperation({
  name: 'desk.list_tables',
  permission: 'desk:query',
  input: z.strictObject({}),
  run: (ctx): Promise<DeskTable[]> => deskTables(ctx),
});
