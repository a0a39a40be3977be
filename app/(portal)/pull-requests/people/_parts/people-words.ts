/** Who is who as the pages write it. Pure. */
import type { Status } from '@/app/_ui/status';
import type { Person, PersonState } from '@/lib/domains/pull-requests/people/read-people';

export const personStatus: Record<PersonState, Status> = {
  SUGGESTED: 'suggested',
  SEVERAL: 'several',
  UNKNOWN: 'unmatched',
  CONFIRMED: 'confirmed',
  SAME_NAME: 'same_name',
  REJECTED: 'rejected',
};

const origins = { email: 'by e-mail', person: 'by hand', csv: 'by file' };

/** Why it stands so; what a person said follows their name. */
export function whyWords({ state, origin, candidates }: Person): string {
  switch (state) {
    case 'SUGGESTED':
      return 'Commits of this account have the same e-mail address.';
    case 'SEVERAL':
      return `Commits of several accounts have this e-mail address: ${candidates.join(', ')}. None is suggested.`;
    case 'UNKNOWN':
      return 'No commit has this e-mail address.';
    case 'SAME_NAME':
      return 'The developer is named as the account is.';
    case 'CONFIRMED':
    case 'REJECTED':
      return origins[origin ?? 'person'];
    default:
      return state satisfies never;
  }
}

const doneSentences: Record<string, string> = {
  confirmed: 'Confirmed. Sessions of the developer count on pull requests of the account.',
  rejected: 'Noted. Sessions of the developer count on no pull request of that account, and it is not suggested again.',
  removed: 'Taken back. The developer counts by its own name again.',
};

/** What was just done, as the address says; undefined where it says nothing that is known. */
export const doneSentence = (done: string | undefined): string | undefined =>
  done !== undefined && Object.hasOwn(doneSentences, done) ? doneSentences[done] : undefined;
