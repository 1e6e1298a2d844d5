/** The parts of libmime that are used here; mailparser reads by it, too. Its published types leave one of them out. */
declare module 'libmime' {
  const libmime: {
    /** The usual name of a charset under any of its labels. */
    normalizeCharset(label: string): string;
    /** A header's value without its encoded words (RFC 2047). */
    decodeWords(value: string): string;
  };
  export default libmime;
}
