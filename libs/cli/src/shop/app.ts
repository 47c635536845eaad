import type { Role } from '@nestbox/access';
import { Fault } from '../fault.js';
import { plain } from '../table.js';

const PATIENCE_MS = 30_000;

interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** The lowest role that may ask. Default: viewer for GET, else operator. */
  readonly role?: Role;
  /** Longest wait for the answer, in ms. Default 30 000. */
  readonly patienceMs?: number;
}

/** The fields of RFC 9457 that are shown. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** Tokens by role. */
export type Tokens = Readonly<Partial<Record<Role, string>>>;

/** HTTP client for one app of a running shop. */
export class App {
  constructor(
    readonly name: string,
    readonly url: string,
    private readonly tokens: Tokens = {},
  ) {}

  /** Returns the JSON of a successful answer; throws a Fault otherwise. */
  async ask<Answer>(path: string, ask: Ask = {}): Promise<Answer> {
    const response = await this.send(path, ask);
    if (!response.ok) throw await this.refusal(response, path);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  /** Yields the JSON lines of a streamed answer as they arrive, without a time limit. */
  async *lines<Line>(path: string, ask: Ask): AsyncGenerator<Line> {
    const response = await this.send(path, { ...ask, patienceMs: Infinity });
    if (!response.ok) throw await this.refusal(response, path);
    let text = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const lines = (text + chunk).split('\n');
        text = lines.pop()!;
        for (const line of lines) yield JSON.parse(line) as Line;
      }
    } catch (cause) {
      ask.signal?.throwIfAborted();
      throw new Fault(`${this.name} went away before it was done: look again, what is left can be asked for again`, 1, {
        cause,
      });
    }
  }

  /** Returns any answer; throws a Fault when there is none. */
  async send(path: string, { method = 'GET', body, signal, patienceMs = PATIENCE_MS, role = method === 'GET' ? 'viewer' : 'operator' }: Ask = {}): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' };
    // No stronger one than it takes: what is sent can be stolen.
    const token = this.tokens[role];
    if (token) headers.authorization = `Bearer ${token}`;
    if (body) headers['content-type'] = 'application/json';
    const timeout = patienceMs === Infinity ? undefined : AbortSignal.timeout(patienceMs);
    const either = AbortSignal.any([signal, timeout].filter((one) => one !== undefined));
    return fetch(this.url + path, { method, headers, body: body && JSON.stringify(body), signal: either }).catch(
      (cause) => {
        if (signal?.aborted) throw cause;
        const fault = timeout?.aborted ? `does not answer within ${patienceMs / 1000} s` : 'does not answer';
        throw new Fault(
          `${this.name} ${fault} at ${this.url}: start it, or say where it is with --app ${this.name}=<url>`,
          1,
          { cause },
        );
      },
    );
  }

  private async refusal(response: Response, path: string): Promise<Fault> {
    const { code, detail, title, errors } = ((await response.json().catch(() => undefined)) ?? {}) as Problem;
    const what = detail ?? title ?? `answers ${response.status} to ${path}`;
    const fields = errors?.map((error) => ` ${error.path}: ${error.message}.`).join('') ?? '';
    return new Fault(plain(`${this.name}: ${what}${fields}${code ? ` (${code})` : ''}`));
  }
}
