import { describe, expect, test } from 'vitest';
import { givenName, hasHiddenSigns, imitatedWord, lineInput, nameInput, withoutHiddenSigns } from '@/lib/kernel/names';

const name = nameInput('Give a name.');
const problemOf = (text: string): string | null => name.safeParse(text).error?.issues[0]?.message ?? null;

test.each([
  ['Latin', 'Acme & Söhne GmbH'],
  ['Latin with an apostrophe', 'O’Brien Ltd.'],
  ['Turkish', 'Işık Yazılım'],
  ['Polish', 'Łódź Dane'],
  ['Vietnamese', 'Công ty Dữ Liệu'],
  ['Cyrillic', 'Яндекс Служба Поддержки'],
  ['Ukrainian', 'Київстар Адміністрація'],
  ['Greek', 'Ελληνικά Συστήματα'],
  ['Hebrew', 'חברת נתונים'],
  ['Arabic', 'شركة البيانات'],
  ['Japanese', '株式会社データ'],
  ['Korean', '주식회사 데이터'],
  ['Chinese', '数据有限公司'],
  ['Hindi', 'डेटा कंपनी'],
  ['Thai', 'บริษัท ข้อมูล'],
  ['Armenian', 'Տվյալների ընկերություն'],
  ['two alphabets that spell nothing of ours', 'Яндекс Cloud'],
  ['full-width letters', 'ＡＢＣ商事'],
  ['the reserved words in plain letters', 'Acme Support & Billing'],
  ['a longer word with a reserved one in it', 'Administración Española'],
  ['emoji', 'Rocket 🚀 Labs 👍🏽'],
  ['an emoji in its coloured drawing', 'Café ☕\ufe0f'],
  ['a trade mark', 'Stripe™ partners'],
])('a name in %s is taken', (_kind, text) => expect(problemOf(text)).toBeNull());

test.each([
  ['nothing', '', 'Give a name.'],
  ['only spaces', ' \u3000 ', 'Give a name.'],
  ['81 characters', '株'.repeat(81), 'Use at most 80 characters.'],
  ['a megabyte', 'x'.repeat(1_000_000), 'Use at most 80 characters.'],
])('a name of %s is refused', (_kind, text, message) => expect(problemOf(text)).toBe(message));

const hidden: [what: string, text: string][] = [
  ['a line break', 'Acme\nInc'],
  ['a NUL', 'Acme\u0000'],
  ['half a character', 'Acme\ud800'],
  ['a line separator', 'Acme\u2028Inc'],
  ['a zero-width space', 'Ac\u200bme'],
  ['a zero-width joiner', 'Ac\u200dme'],
  ['a word joiner', 'Ac\u2060me'],
  ['a byte order mark', '\u0041\ufeffcme'],
  ['a soft hyphen', 'Ac\u00adme'],
  ['a combining grapheme joiner', 'Ac\u034fme'],
  ['a Hangul filler', 'Acme\u3164'],
  ['a half-width Hangul filler', 'Acme\uffa0'],
  ['a Mongolian vowel separator', 'Ac\u180eme'],
  ['a variation selector on a letter', 'Acme\ufe0f'],
  ['a variation selector of the supplement', 'Acme\u{e0100}'],
  ['a tag character', 'Acme\u{e0041}'],
  ['an invisible musical sign', 'Acme\u{1d173}'],
  ['a right-to-left override', 'Acme\u202eemca'],
  ['a right-to-left isolate', 'Acme\u2067'],
  ['a right-to-left mark', 'Acme\u200f'],
  ['an Arabic letter mark', 'Acme\u061c'],
  ['an empty braille pattern', '\u2800\u2800'],
  ['an emoji of several', 'Family 👩\u200d👩\u200d👧'],
];
test.each(hidden)('a name with %s is refused, and a remark too', (_what, text) => {
  expect(problemOf(text)).toMatch(/^Control characters and invisible ones/);
  expect(lineInput(400).safeParse(text).success).toBe(false);
  expect(hasHiddenSigns(withoutHiddenSigns(text))).toBe(false);
});

describe('imitations', () => {
  test.each([
    ['Аdmin', 'Admin'], // Cyrillic А
    ['Tеnantry', 'Tenantry'], // Cyrillic е
    ['Τenantry Billing', 'Tenantry'], // Greek Τ
    ['Acme Suppоrt', 'Support'], // Cyrillic о
    ['Ѕtripe', 'Stripe'], // Cyrillic Ѕ
    ['Strіpe Payments', 'Stripe'], // Ukrainian і
    ['ЅТАFF', 'Staff'],
    ['Bιlling', 'Billing'], // Greek ι
    ['Bi\u04cf\u04cfing', 'Billing'], // palochka
    ['Ｔｅｎａｎｔｒｙ', 'Tenantry'],
    ['𝐀𝐝𝐦𝐢𝐧', 'Admin'],
    ['ⓢⓤⓟⓟⓞⓡⓣ', 'Support'],
    ['ᴛᴇɴᴀɴᴛʀʏ', 'Tenantry'],
    ['Admın', 'Admin'], // dotless ı
    ['ꓮꓓꓟꓲꓠ', 'Admin'],
    ['А d m i n', 'Admin'],
    ['T-е-n-a-n-t-r-y', 'Tenantry'],
    ['theАdministrators', 'Admin'],
    ['Тёnantry', 'Tenantry'],
  ])('%s imitates %s and is refused', (text, word) => {
    expect(imitatedWord(text)).toBe(word);
    expect(problemOf(text)).toBe(
      `This looks like “${word}” but has letters of other alphabets. Write it in one alphabet.`,
    );
  });
});

test.each([
  [null, null],
  ['Mia Meyer', 'Mia Meyer'],
  ['Mia\u200b\u202eMeyer\n', 'Mia Meyer'],
  ['\u200b', null],
  ['Suppоrt', null],
  ['x'.repeat(200), 'x'.repeat(80)],
])('the name %j that another service gives is shown as %j', (given, shown) => expect(givenName(given)).toBe(shown));
