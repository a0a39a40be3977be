/** The demo's customers on GitHub: their repositories, and who of their developers has which account. */
import type { DemoAuthor } from '@/dev/seed/pull-requests/pull-history';

export type DemoGithub = {
  /** Name of the credential that reads the repositories. */
  credential: string;
  repositories: readonly { name: string; pulls: number }[];
  /** Developers of AI usage by their accounts; `isConfirmed` says that an admin has said so. */
  people: readonly (DemoAuthor & { isConfirmed: boolean })[];
  seed: number;
};

/** Someone whose account of GitHub an admin has confirmed, whose commits have the address, or who hides theirs. */
const person = (developer: string, login: string, name: string, known: 'confirmed' | 'suggested' | 'hidden') => ({
  developer,
  login,
  name,
  email: known === 'hidden' ? `4711+${login}@users.noreply.github.com` : developer,
  isConfirmed: known === 'confirmed',
});

/** By the company's name. */
export const demoGithub: Readonly<Record<string, DemoGithub>> = {
  'Northwind Trading': {
    credential: 'GitHub (read only)',
    repositories: [
      { name: 'northwind/erp', pulls: 14 },
      { name: 'northwind/shop', pulls: 10 },
    ],
    people: [
      person('adam@northwind.example', 'adam-northwind', 'Adam Admin', 'confirmed'),
      person('nina@northwind.example', 'nina-codes', 'Nina Nord', 'suggested'),
    ],
    seed: 20_267,
  },
  'Acme Analytics': {
    credential: 'GitHub (read only)',
    repositories: [
      { name: 'acme/pipelines', pulls: 34 },
      { name: 'acme/dashboards', pulls: 26 },
    ],
    people: [
      person('anna@acme.example', 'anna-acme', 'Anna Admin', 'confirmed'),
      person('carl@acme.example', 'carl-collab', 'Carl Collaborator', 'confirmed'),
      person('dana@acme.example', 'dana-k', 'Dana Kim', 'confirmed'),
      person('emil@acme.example', 'emil-h', 'Emil Hansen', 'suggested'),
      person('fatima@acme.example', 'fatima-z', 'Fatima Zahra', 'hidden'),
    ],
    seed: 20_268,
  },
};
