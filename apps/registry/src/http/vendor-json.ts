import type { IncomingMessage, ServerResponse } from 'node:http';

const VENDOR = /^application\/(vnd\.schemaregistry(\.v1)?\+json|octet-stream)\b/i;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\b|^application\/octet-stream\b/i;
const MAX_BYTES = 1024 * 1024;

type WithBody = IncomingMessage & { body?: unknown };

/** Parses bodies up to 1 MiB as JSON: Confluent's clients send their own content type, and the Java client one that is not JSON. */
export function readVendorJson(request: WithBody, response: ServerResponse, next: (error?: unknown) => void): void {
  const type = request.headers['content-type'] ?? '';
  if (request.body === undefined && type !== '' && !JSON_TYPE.test(type)) {
    return refuse(response, 415, `The body's type is ${type.slice(0, 100)}: send application/vnd.schemaregistry.v1+json or application/json`);
  }
  if (request.body !== undefined || !VENDOR.test(type)) return next();
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BYTES) chunks.push(chunk);
  });
  request.on('error', next);
  request.on('end', () => {
    if (bytes > MAX_BYTES) return refuse(response, 413, `The body is over ${MAX_BYTES} bytes`);
    try {
      request.body = bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
      return refuse(response, 400, 'The body is no JSON');
    }
    next();
  });
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
  response.end(JSON.stringify({ error_code: status, message }));
}
