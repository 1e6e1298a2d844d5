import type { Actor } from '../../db/actor.js';
import type { Reader } from '../format.js';
import type { Link } from './form_components.js';

/** What the head of every HTML page needs. */
interface Page {
  title: string;
  organization?: PageOrganization | null;
}

interface PageOrganization {
  slug: string;
  name: string;
  /** The stylesheet with the organization's accent; null for ours. */
  accent_url: string | null;
}

/** The person the page is for. With assurance 'link' they see only what the link in their email belongs to. */
interface Viewer extends Pick<Actor, 'side' | 'assurance'> {
  id: string;
  name: string;
  email: string;
  photo: string | null;
  /** For whom they act: the partner's name; null for staff. */
  partner: string | null;
  /** Whom else they may act for here, each with the form's value. */
  others: { person: string; partner: string }[];
  act_as_url: string;
  /** The other organizations that they belong to, and for whom they act there. */
  elsewhere: { href: string; organization: string; as: string | null }[];
  /** Where they may found another; null: they may not. */
  new_organization_url: string | null;
}

export interface NavItem {
  href: string;
  label: string;
  /** The heading of its group in the desk's sidebar; '' for none. */
  group: string;
  current: boolean;
  /** How wide the header's bar must be to show it, in rem; in a narrower one it stands under "More". */
  room: number;
}

/** The bell in the header: on how many things something is unread (100: more than 99), and where it is listed. */
export interface Bell {
  href: string;
  live_url: string;
  settings_url: string;
  count: number;
}

/** Texts that their reader accepted in an earlier version. The form posts `seen` and `return_to`. */
export interface TermsNotice {
  text: string;
  links: Link[];
  action: string;
  seen: string;
  return_to: string;
  button: string;
}

/** What a page inside an organization shows around its content. */
interface OrganizationPage extends Page {
  organization: PageOrganization;
  viewer: Viewer | null;
  nav: NavItem[];
  /** What was just done, said once. */
  toast: string | null;
  /** Why something was not done. */
  notice?: string;
  /** Null for who sees one document only. */
  bell?: Bell | null;
  /** Their saved lists, and where they are managed; null for who came by a link. */
  saved_views?: { manage_url: string; links: Link[] } | null;
  settings_url?: string | null;
  /** Where everything is searched; null for who came by a link. */
  search_url?: string | null;
  terms_notice?: TermsNotice | null;
  menu?: { href: string; label: string }[];
  sign_out_url?: string;
}

/** views/layouts/desk.ejs for staff, views/layouts/portal.ejs for everyone else. */
export interface OrganizationLayout extends Reader {
  layout: 'desk' | 'portal';
  page: OrganizationPage;
}

/** views/layouts/bare.ejs: one card on the page, such as sign-in or an error. */
export interface BareLayout extends Reader {
  layout: 'bare';
  page: Page & { toast?: string | null };
  /** A wider column. */
  wide?: boolean;
}

/** views/layouts/activation.ejs: the first minutes of who was invited, without navigation. */
export interface ActivationLayout extends Reader {
  layout: 'activation';
  page: Page & {
    organization: PageOrganization;
    /** Null for who is signed in. */
    sign_in_url: string | null;
  };
}

/** views/layouts/mailbox.ejs: the sample people's mail program, which must not look like the portal. */
export interface MailboxLayout extends Reader {
  layout: 'mailbox';
  page: Page;
}

/** views/layouts/pdf.ejs: a page to print. */
export interface PdfLayout extends Reader {
  layout: 'pdf';
  page: Page;
  /** All styles and the fonts that the body needs, as one stylesheet: the printer may load nothing. */
  fonts_css: (body: string) => string;
}

export type PageLayout = OrganizationLayout | BareLayout | ActivationLayout | MailboxLayout | PdfLayout;

interface Body {
  body: string;
}

/** What each layout is given, by the name of its file. */
export interface Layouts {
  activation: ActivationLayout & Body;
  bare: BareLayout & Body;
  desk: OrganizationLayout & Body;
  mailbox: MailboxLayout & Body;
  pdf: PdfLayout & Body;
  portal: OrganizationLayout & Body;
  /** views/emails/layout.*.ejs: its title and preview text come from the email's own input. */
  layout: EmailLayout & Body & { headline?: string; subtitle?: string | null; preheader?: string };
}

export interface EmailButton {
  label: string;
  url: string;
}

/** views/emails/layout.*.ejs: whose email it is, and for whom. */
export interface EmailLayout extends Reader {
  /** The accent is "#rrggbb"; it is made darker where white text on it could not be read. */
  organization: { name: string; accent: string };
}
