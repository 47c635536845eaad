import { Fault } from '../fault.js';

const PATIENCE_MS = 30_000;

interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** Longest wait for the answer, in ms. Default 30 000. */
  readonly patienceMs?: number;
}

/** One app of a running shop, as seen from outside. */
export class App {
  constructor(
    readonly name: string,
    readonly url: string,
    private readonly token?: string,
  ) {}

  /** The answer's JSON; a Fault when there is none, or a refusal. */
  async ask<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
    const response = await this.send(path, ask);
    const body = await response.json().catch(() => undefined);
    if (response.ok) return body as Answer;
    const { code, detail, title } = (body ?? {}) as { code?: string; detail?: string; title?: string };
    throw new Fault(`${this.name}: ${detail ?? title ?? `answers ${response.status} to ${path}`}${code ? ` (${code})` : ''}`);
  }

  /** The answer, whatever it says; a Fault when there is none. */
  async send(path: string, { method = 'GET', body, signal, patienceMs = PATIENCE_MS }: Ask = {}): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (body) headers['content-type'] = 'application/json';
    const timeout = AbortSignal.timeout(patienceMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    return fetch(this.url + path, { method, headers, body: body && JSON.stringify(body), signal: either }).catch((cause) => {
      if (signal?.aborted) throw cause;
      const fault = timeout.aborted ? `does not answer within ${patienceMs / 1000} s` : 'does not answer';
      throw new Fault(`${this.name} ${fault} at ${this.url}: start it, or say where it is with --app ${this.name}=<url>`, 1, { cause });
    });
  }
}
