import { isIPv4 } from 'node:net';

/** What Express and Fastify have in common. */
export interface HttpRequest {
  readonly method?: string;
  readonly headers: { readonly authorization?: string; readonly host?: string };
  readonly socket: { readonly remoteAddress?: string };
}

/** The bearer token, or the password of basic authentication, which Confluent's clients send; undefined: no header. */
export function tokenOf({ headers: { authorization } }: HttpRequest): string | undefined {
  if (authorization === undefined) return undefined;
  const [, scheme = '', credentials = ''] = /^(Basic|Bearer) +(\S+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/**
 * Whether somebody on this machine asks, by a name of this machine: a page in a browser can make a foreign name resolve
 * to 127.0.0.1, but not send another Host header.
 */
export function isOfThisMachine({ socket: { remoteAddress = '' }, headers: { host = '' } }: HttpRequest): boolean {
  const address = remoteAddress.replace(/^::ffff:/, '');
  const isLoopback = address === '::1' || (isIPv4(address) && address.startsWith('127.'));
  return isLoopback && /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}
