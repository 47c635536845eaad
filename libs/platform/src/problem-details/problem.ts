import { STATUS_CODES } from 'node:http';

/** RFC 9457, plus our own fields. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Stable, listed in docs/errors.md. */
  readonly code?: string;
  readonly instance?: string;
  readonly correlationId?: string;
  readonly traceId?: string;
  readonly errors?: readonly FieldError[];
  readonly reasons?: readonly string[];
  /** In seconds; also sent as the Retry-After header. */
  readonly retryAfter?: number;
}

export interface FieldError {
  /** `lines.0.quantity`; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}

type Details = Pick<Problem, 'detail' | 'code' | 'errors' | 'reasons' | 'retryAfter'>;

export function problem(status: number, details: Details = {}): Problem {
  const { code } = details;
  return {
    type: code ? `urn:nestbox:problem:${code.toLowerCase().replaceAll('_', '-')}` : 'about:blank',
    title: code ? sentence(code) : (STATUS_CODES[status] ?? 'Error'),
    status,
    ...details,
  };
}

function sentence(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
