import { openSession } from '../../../src/people/sessions.js';
import type { Portal } from '../portal.js';
import type { PlanLog } from './plan_log.js';

export type Form = Record<string, string>;
/** Where a name comes twice. */
type Pairs = [name: string, value: string][];

/** A request, and the status of its answer. */
export interface Answered {
  method: string;
  path: string;
  status: number;
}

/** A browser that enters its requests into the log of plans. */
export class Visitor {
  readonly answered: Answered[] = [];
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly portal: Portal,
    private readonly log: PlanLog,
    private readonly name = 'somebody',
  ) {}

  async signIn(email: string): Promise<this> {
    const user = await this.portal.knex('users').where({ email }).first('id');
    this.cookies.set('parley_session', await openSession(this.portal.knex, user.id, 'plans', { by_code: true }));
    return this;
  }

  get = (path: string) => this.request('GET', path);
  head = (path: string) => this.request('HEAD', path);
  post = (path: string, form: Form | Pairs = {}) => this.request('POST', path, form);

  /** A file, and the other fields of its form. */
  upload = (path: string, file: Blob, name = 'photo.png', fields: Form = {}) => {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('files', file, name);
    return this.request('POST', path, form);
  };

  private async request(method: string, path: string, form?: Form | Pairs | FormData): Promise<Response> {
    this.log.doing = `${this.name}: ${method} ${path}`;
    const headers = { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
    const body = form ? { body: form instanceof FormData ? form : new URLSearchParams(form) } : {};
    const response = await fetch(`${this.portal.base_url}${path}`, { method, headers, redirect: 'manual', ...body });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(cookie) ?? [];
      this.cookies.set(name, value);
    }
    this.answered.push({ method: method.replace('HEAD', 'GET'), path, status: response.status });
    return response;
  }
}
