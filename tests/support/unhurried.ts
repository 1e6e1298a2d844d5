/** No limit to how many emails a person or a domain gets in a minute: what is measured here is how fast we could. */
export const UNHURRIED = {
  MAIL_PER_PERSON_MINUTE: '0',
  MAIL_PER_PERSON_HOUR: '0',
  MAIL_PER_DOMAIN_MINUTE: '0',
  MAIL_BUNDLE_SECONDS: '0',
};
