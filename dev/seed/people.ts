/** The people the local Google can sign in: the seed's customers, staff, one stranger, and a pool for tests. */
export type Person = { email: string; name: string };

export const people = {
  staff: { email: 'sam.support@tenantry.example', name: 'Sam Support' },
  /** Verified by Google, member of nothing. */
  stranger: { email: 'nobody@elsewhere.example', name: 'Nina Nobody' },
  northwind: {
    owner: { email: 'olivia@northwind.example', name: 'Olivia Owner' },
    admin: { email: 'adam@northwind.example', name: 'Adam Admin' },
  },
  acme: {
    owner: { email: 'otto@acme.example', name: 'Otto Owner' },
    admin: { email: 'anna@acme.example', name: 'Anna Admin' },
    collaborator: { email: 'carl@acme.example', name: 'Carl Collaborator' },
    viewer: { email: 'vera@acme.example', name: 'Vera Viewer' },
  },
} as const satisfies Record<string, Person | Record<string, Person>>;

/** People of no customer that end-to-end tests may make members of their own ones. */
export const testPeople: Person[] = Array.from({ length: 100 }, (_, index) => ({
  email: `person-${index + 1}@testing.example`,
  name: `Person ${index + 1}`,
}));

export const everyone: Person[] = [
  people.acme.owner,
  people.acme.admin,
  people.acme.collaborator,
  people.acme.viewer,
  people.northwind.owner,
  people.northwind.admin,
  people.staff,
  people.stranger,
];
