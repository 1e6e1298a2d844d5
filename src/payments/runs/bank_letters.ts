const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', å: 'a', Å: 'A', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' },
  ...{ þ: 'th', Þ: 'TH', ð: 'd', Ð: 'D', ı: 'i', '&': '+', '’': "'", '‘': "'", '–': '-', '—': '-', '‑': '-', '„': ' ' },
};

/** Text in the letters that every bank takes (EPC217-08), for a field of so many; '' if it has none of them. */
export function bankLetters(text: string, most: number): string {
  const plain = text
    .replace(/[^\x20-\x7e]|&/gu, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9/?:().,'+ -]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return plain.slice(0, most).trim();
}

/** Whether a name says anything in these letters. */
export const inBankLetters = (name: string, most: number): boolean => /[a-z]/i.test(bankLetters(name, most));
