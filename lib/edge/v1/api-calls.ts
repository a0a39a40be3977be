/** Monthly API calls. */
export const apiCallsLeft = (_customerId: string): number | null => null;
export const countApiCall = (_customerId: string): void => {};
