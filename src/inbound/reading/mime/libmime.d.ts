/** The functions of libmime used here (mailparser uses them too). Its published types lack one of them. */
declare module 'libmime' {
  const libmime: {
    /** The canonical name of a charset label. */
    normalizeCharset(label: string): string;
    /** A header's value with encoded words (RFC 2047) decoded. */
    decodeWords(value: string): string;
  };
  export default libmime;
}
