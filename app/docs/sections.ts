/** The sections of the API page in their order, by the id of their heading. */
export const docsSections = [
  ['authentication', 'Authentication'],
  ['first-call', 'First call'],
  ['scopes', 'Scopes'],
  ['roles', 'Roles'],
  ['rate-limits', 'Rate limits'],
  ['plans', 'Plans'],
  ['calls', 'Calls'],
  ['errors', 'Errors'],
  ['help', 'Help'],
] as const;
