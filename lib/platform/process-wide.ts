/** Values that must exist once a process, although Next bundles a module once for each route. */
const values = ((): Map<string, unknown> => {
  const holder = globalThis as { tenantryValues?: Map<string, unknown> };
  holder.tenantryValues = holder.tenantryValues ?? new Map();
  return holder.tenantryValues;
})();

/** The process's value of that name, created at the first call. */
export function processWide<Value>(name: string, create: () => Value): Value {
  if (!values.has(name)) values.set(name, create());
  return values.get(name) as Value;
}

/**
 * For the `instanceof` of an error that travels through a process-wide value: each bundle has a class of its own, and the
 * one that waits for a shared promise is not always the one whose code threw.
 */
export const isErrorNamed = (value: unknown, name: string): boolean => value instanceof Error && value.name === name;

/** Forgets a value, so that the next call creates it anew. */
export function forgetProcessWide(name: string): void {
  values.delete(name);
}
