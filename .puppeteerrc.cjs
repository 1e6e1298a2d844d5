/** Chromium comes from the system or from @sparticuz/chromium: nothing is downloaded at install. */
module.exports = { skipDownload: true };
