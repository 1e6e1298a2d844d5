/** A text that members accept or are shown: the organization's portal terms, or its privacy notice. */
export type TermsKind = 'terms' | 'privacy';

export const TERMS_KINDS: readonly TermsKind[] = ['terms', 'privacy'];

/** What counts where an organization has written nothing itself: version 0. Each sentence is translated. */
export const DEFAULT_TERMS: Readonly<Record<TermsKind, readonly string[]>> = {
  terms: [
    'This portal belongs to {{organization}}. It shows the documents, messages and payments between you and {{organization}}.',
    'Your access is for you alone. Don’t share your codes, links or passwords, and tell {{organization}} if somebody else may have them.',
    'What you accept, sign or pay here binds the company you act for, as if done on paper. Do so only if you may.',
    '{{organization}} can change or end your access at any time. Documents that you received by email stay yours.',
    'The agreements between your company and {{organization}} take precedence over these terms.',
  ],
  privacy: [
    '{{organization}} is responsible for what is stored here. Questions and requests about your data go to its contact below.',
    'Stored are your name, email address, job title and settings, what you write, upload, sign and pay, and when and from which IP address you sign in or sign.',
    'This is needed to exchange documents and payments with you, to prove who agreed to what, and to keep strangers out. Records of business are kept for as long as the law requires.',
    'Your data is seen by {{organization}} and by the colleagues of your company. It is not sold, and no trackers are used.',
    'You can ask to see, correct or erase what is stored about you.',
  ],
};
