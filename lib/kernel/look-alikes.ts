/** Letters of other alphabets that are drawn like Latin ones, by the Latin letter; what NFKD takes apart is not listed. */

/** Cyrillic, Greek, Armenian, Cherokee, Lisu, and Latin's own phonetic letters and small capitals. */
const drawnLike: Readonly<Record<string, string>> = {
  a: 'аАαΑɑᴀᎪꓮ',
  b: 'вВьЬβΒʙᏴꓐ',
  c: 'сСϲᴄᏟꓚ',
  d: 'ԁԀᴅᎠꓓ',
  e: 'еЕεΕҽᴇᎬꓰ',
  f: 'ғƒꓝ',
  g: 'ɡɢԍᏀꓖ',
  h: 'һҺнНΗհʜᎻꓧ',
  i: 'іІιΙıɩɪӏӀᎥꓲ',
  j: 'јЈϳᴊᎫꓙ',
  k: 'кКκΚᴋᏦꓗ',
  l: 'ʟլᏞꓡ',
  m: 'мМΜᴍᎷꓟ',
  n: 'пηΝɴոꓠ',
  o: 'оОοΟσօᴏꓳ',
  p: 'рРρΡᴘᏢꓑ',
  q: 'ԛԚ',
  r: 'гʀᎡꓣ',
  s: 'ѕЅꜱՏᏚꓢ',
  t: 'тТτΤᴛᎢꓔ',
  u: 'υսᴜꓴ',
  v: 'νѵᴠᏙꓦ',
  w: 'ԝԜωᴡᎳꓪ',
  x: 'хХχΧꓫ',
  y: 'уУүҮγΥʏꓬ',
  z: 'ΖᴢᏃꓜ',
};

/** Latin letter of each sign that is drawn like it. */
export const latinOf: ReadonlyMap<string, string> = new Map(
  Object.entries(drawnLike).flatMap(([letter, signs]) => [...signs].map(sign => [sign, letter] as const)),
);
