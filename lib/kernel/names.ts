/** Names that people choose: what they may hold, so that a name looks like what it is wherever it is shown. */
import { z } from 'zod';
import { latinOf } from '@/lib/kernel/look-alikes';
import { holdsSecret, secretInField } from '@/lib/kernel/secret-patterns';

/** Controls, half characters, line breaks, signs that are drawn as nothing, and signs that turn the direction of text. */
const hidden = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800`;
const hiddenSign = new RegExp(`[${hidden}]`, 'u');
const hiddenRuns = new RegExp(`[${hidden}]+`, 'gu');
const noHiddenSigns =
  'Control characters and invisible ones (joiners, direction marks) are not allowed; an emoji made of several has them.';

/** Whether a text holds signs that nobody sees, or that make it read differently from what it is. */
export const hasHiddenSigns = (text: string): boolean => hiddenSign.test(text);

/** The text as one line, with a space in the place of what nobody sees. */
export const withoutHiddenSigns = (text: string): string => text.replace(hiddenRuns, ' ').replace(/\s+/g, ' ').trim();

/** Words by which people know us, our staff and whom they pay; nobody spells them with letters of other alphabets. */
const reservedWords = [
  'Tenantry',
  'Admin',
  'Owner',
  'Staff',
  'Support',
  'System',
  'Security',
  'Billing',
  'Stripe',
  'Google',
];

type Letter = { latin: string; isForeign: boolean };

/** Upper-case i and lower-case l are drawn alike, so they count as one letter. */
const folded = (latin: string): string => latin.toLowerCase().replace('l', 'i');

/**
 * The Latin letters a sign is or is drawn like, without accents; a sign of no letter is none. Full-width, circled and
 * mathematical drawings of letters are foreign too.
 */
function lettersOf(sign: string): Letter[] {
  const [base = sign] = sign.normalize('NFD');
  const drawnLike = latinOf.get(sign) ?? latinOf.get(base);
  if (drawnLike) return [{ latin: folded(drawnLike), isForeign: true }];
  const isForeign = sign.normalize('NFKC') !== sign.normalize('NFC');
  const parts = isForeign ? [...sign.normalize('NFKD')] : [base];
  return parts.filter(part => /\p{L}/u.test(part)).map(part => ({ latin: folded(part), isForeign }));
}

/**
 * The reserved word that a name imitates by letters of other alphabets, as “Тenantry” with a Cyrillic T does; null for a
 * sound name. The word itself in plain letters is no imitation, and letters of one alphabet that spell nothing of ours are fine.
 */
export function imitatedWord(name: string): string | null {
  if (/^[\x20-\x7e]*$/.test(name)) return null;
  const letters = [...name].flatMap(lettersOf);
  if (!letters.some(letter => letter.isForeign)) return null;
  // One sign a letter, so that an index in the text is one in the list.
  const text = letters.map(({ latin }) => (latin.length === 1 ? latin : '\u0000')).join('');
  const imitates = (word: string): boolean => {
    const plain = [...word].map(folded).join('');
    for (let at = text.indexOf(plain); at >= 0; at = text.indexOf(plain, at + 1))
      if (letters.slice(at, at + plain.length).some(letter => letter.isForeign)) return true;
    return false;
  };
  return reservedWords.find(imitates) ?? null;
}

/** An emoji's variation selector only asks for its coloured drawing, and keyboards add it unasked. */
const withoutEmojiStyle = (text: string): string => text.replace(/(?<=\p{Extended_Pictographic})\ufe0f/gu, '');

/**
 * A name that a person chooses, in any script: 1 to 80 characters (code points) after trimming. `missing` is the sentence
 * for none. Emoji are fine; invisible joiners, direction marks and imitations of reserved words are refused.
 */
export const nameInput = (missing: string) =>
  z
    .string({ error: missing })
    .max(400, { error: 'Use at most 80 characters.', abort: true })
    .overwrite(withoutEmojiStyle)
    .trim()
    .refine(name => name.length > 0, missing)
    .refine(name => [...name].length <= 80, 'Use at most 80 characters.')
    .refine(name => !hasHiddenSigns(name), noHiddenSigns)
    .refine(name => !holdsSecret(name), secretInField)
    .superRefine((name, check) => {
      const word = imitatedWord(name);
      if (word === null) return;
      const message = `This looks like “${word}” but has letters of other alphabets. Write it in one alphabet.`;
      check.addIssue({ code: 'custom', message });
    });

/** A remark or search text of one line, at most `longest` UTF-16 units after trimming; it may be empty. */
export const lineInput = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest, `Use at most ${longest} characters.`)
    .refine(text => !hasHiddenSigns(text), noHiddenSigns);

/** A line that others read, such as a description or a tag, in which no secret may stand. */
export const openLineInput = (longest: number) => lineInput(longest).refine(text => !holdsSecret(text), secretInField);

/** A name that another service vouches for: made fit to be shown, or null where nothing fit is left. */
export function givenName(name: string | null): string | null {
  if (name === null) return null;
  const line = [...withoutHiddenSigns(withoutEmojiStyle(name))].slice(0, 80).join('').trim();
  return line === '' || imitatedWord(line) !== null ? null : line;
}
