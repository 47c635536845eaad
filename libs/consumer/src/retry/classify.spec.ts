import { DatabaseError } from '@nestbox/database';
import { ContractError, DomainError } from '@nestbox/kernel';
import { EventingError } from '@nestbox/messaging';
import { classify, RetryLater, Unprocessable } from './classify.js';
import type { Verdict } from './classify.js';

class OrderAlreadyShipped extends DomainError {
  readonly code = 'ORDER_ALREADY_SHIPPED';
}

const coded = (code: string, message = 'from the driver') => Object.assign(new Error(message), { code });
const wrapped = (error: unknown) => Object.assign(new Error('QueryFailedError'), { driverError: error });
const hostile = new Proxy({}, { get: () => { throw new Error('no looking'); } });
const circular: { cause?: unknown } = {};
circular.cause = circular;

const table: [what: string, error: unknown, verdict: Verdict][] = [
  ['a record that cannot be decoded', new EventingError('RECORD_UNDECODABLE', 'no JSON'), 'permanent'],
  ['data that breaks its contract', new ContractError('too large'), 'permanent'],
  ['a NUL in a text (22021)', coded('22021'), 'permanent'],
  ['a NUL in jsonb (22P05)', wrapped(coded('22P05')), 'permanent'],
  ['bytes that are no UTF-8, by message', new Error('invalid byte sequence for encoding "UTF8": 0x00'), 'permanent'],
  ['an escape jsonb cannot hold, by message', new Error('unsupported Unicode escape sequence'), 'permanent'],
  ['a refusal of the business', new OrderAlreadyShipped('shipped'), 'refused'],
  ['a refusal of the handler', new Unprocessable('no such warehouse'), 'refused'],
  ['a handler that asks for time', new RetryLater(1_500), { retryLaterMs: 1_500 }],
  ['a handler that asks for a nonsensical time', new RetryLater(Number.NaN), { retryLaterMs: 0 }],
  ['a serialisation failure', coded('40001'), 'transient'],
  ['a deadlock, wrapped', wrapped(coded('40P01')), 'transient'],
  ['a lock that is not available', coded('55P03'), 'transient'],
  ['an administrator who ends the backend', coded('57P01'), 'transient'],
  ['a server that has crashed', coded('57P02'), 'transient'],
  ['a server that is starting', coded('57P03'), 'transient'],
  ['a disk that is full', coded('53100'), 'transient'],
  ['a database that has become read-only', coded('25006'), 'transient'],
  ['too many connections', coded('53300'), 'transient'],
  ['a connection exception', coded('08006'), 'transient'],
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].map((code) => [code, coded(code), 'transient'] as [string, unknown, Verdict]),
  ['several addresses that all refuse', new AggregateError([coded('ECONNREFUSED')]), 'transient'],
  ['a connection that pg lost', new Error('Connection terminated unexpectedly'), 'transient'],
  ['a query without an answer', new Error('Query read timeout'), 'transient'],
  ['a pool without a connection', new Error('timeout exceeded when trying to connect'), 'transient'],
  ...(['VERSION_CONFLICT', 'COMMIT_OUTCOME_UNKNOWN', 'TRANSACTION_ROLLED_BACK'] as const).map(
    (code) => [code, new DatabaseError(code, 'said the database'), 'transient'] as [string, unknown, Verdict],
  ),
  ['a batch that cannot be read', new EventingError('BATCH_UNREADABLE', 'said the broker'), 'permanent'] as [string, unknown, Verdict],
  ...(['BROKER_UNAVAILABLE', 'PARTITION_LOST', 'LEASE_LOST', 'REGISTRY_UNAVAILABLE', 'SUBJECT_KEYS_UNAVAILABLE', 'OUTBOX_FULL'] as const).map(
    (code) => [code, new EventingError(code, 'said the broker'), 'transient'] as [string, unknown, Verdict],
  ),
  ['a database that is away, as the cause', new Error('could not reserve', { cause: coded('57P03') }), 'transient'],
  ['a statement cancelled by its deadline', coded('57014'), 'unknown'],
  ['a missing unit of work', new DatabaseError('NO_UNIT_OF_WORK', 'outside'), 'unknown'],
  ['a unique violation of the handler', coded('23505'), 'unknown'],
  ['a missing table', coded('42P01'), 'unknown'],
  ['a programming error', new TypeError('undefined is not a function'), 'unknown'],
  ['somebody else\'s VERSION_CONFLICT', coded('VERSION_CONFLICT'), 'unknown'],
  ['a thrown text', 'Connection terminated', 'unknown'],
  ['null', null, 'unknown'],
  ['undefined', undefined, 'unknown'],
  ['a number', 40001, 'unknown'],
  ['an error that is its own cause', circular, 'unknown'],
  ['an error that throws when looked at', hostile, 'unknown'],
];

describe('classify', () => {
  it.each(table)('%s', (_what, error, verdict) => {
    expect(classify(error)).toEqual(verdict);
  });
});
