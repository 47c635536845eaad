import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SMTPServer } from 'smtp-server';

/**
 * @typedef {{ messageId?: string, from: string, to: string[], subject: string, receivedAt: string,
 *   raw: string }} CaughtMail
 */

const largestMail = 1024 * 1024;

/**
 * Takes every mail and sends none on. Like a mailbox it keeps one mail per Message-ID: a second one is accepted, as
 * SMTP wants, and only counted.
 * @param {{ port: number, host?: string, file?: string }} options
 *   file: one JSON line per kept mail; read again at start
 */
export async function startMailCatcher({ port, host = '127.0.0.1', file }) {
  const { mails, keep, duplicates } = await mailbox(file);
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    size: largestMail,
    onData(stream, session, callback) {
      receive(stream, session)
        .then(keep)
        .then(() => callback(), callback);
    },
  });
  await listen(server, port, host);
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.server.address()).port,
    mails: /** @type {readonly CaughtMail[]} */ (mails),
    duplicates,
    /** @returns {Promise<void>} */
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * What was kept, one mail per Message-ID; each also as a line of the file, if there is one.
 * @param {string | undefined} file
 */
async function mailbox(file) {
  const mails = file ? await readMails(file) : [];
  const known = new Set(mails.map(({ messageId }) => messageId));
  let duplicates = 0;

  /** @param {CaughtMail} mail */
  const keep = async (mail) => {
    if (mail.messageId !== undefined && known.has(mail.messageId)) {
      duplicates += 1;
      return;
    }
    // Marked as known before it is written: two deliveries at once must not both be kept.
    known.add(mail.messageId);
    try {
      if (file) await appendFile(file, `${JSON.stringify(mail)}\n`);
    } catch (error) {
      known.delete(mail.messageId);
      throw error;
    }
    mails.push(mail);
  };
  return { mails, keep, duplicates: () => duplicates };
}

/** @param {SMTPServer} server @param {number} port @param {string} host */
async function listen(server, port, host) {
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(undefined));
  });
  // A client that drops its connection is its own affair.
  server.on('error', () => undefined);
}

/** @param {string} file @returns {Promise<CaughtMail[]>} */
async function readMails(file) {
  await mkdir(dirname(file), { recursive: true });
  const text = await readFile(file, 'utf8').catch(() => '');
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * @param {import('smtp-server').SMTPServerDataStream} stream
 * @param {import('smtp-server').SMTPServerSession} session
 * @returns {Promise<CaughtMail>}
 */
async function receive(stream, session) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  if (stream.sizeExceeded) throw Object.assign(new Error('Message is too large'), { responseCode: 552 });
  const raw = Buffer.concat(chunks).toString('utf8');
  const headers = headersOf(raw);
  const { mailFrom, rcptTo } = session.envelope;
  return {
    messageId: headers.get('message-id'),
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    subject: headers.get('subject') ?? '',
    receivedAt: new Date().toISOString(),
    raw,
  };
}

/** @param {string} raw @returns {Map<string, string>} */
function headersOf(raw) {
  const [head = ''] = raw.split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  return new Map(
    unfolded.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}
