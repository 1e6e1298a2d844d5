/** Text whose links can be read but not followed: "evil[.]example/pay". Amounts and abbreviations stay as they are. */
export const withoutLinks = (text: string): string =>
  text.replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/|\bmailto:/gi, '').replace(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2})/gu, '[.]');
