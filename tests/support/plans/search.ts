/** The search of everything: frequent words and rare ones, several, each kind alone, an amount, a slip and a command. */
export const searchPages = [
  '',
  '?q=part123',
  '?q=part+53217',
  ...['', '&in=documents', '&in=lines'].map((scope) => `?q=desk+plank12${scope}`),
  ...['lines', 'messages', 'files', 'people', 'partners', 'work'].map((scope) => `?q=p&in=${scope}`),
  ...['?q=when', '?q=plan', '?q=con', '?q=firm1', '?q=1234.50', '?q=platned', '?q=new+invoice+firm'],
].map((query) => `/search${query}`);
