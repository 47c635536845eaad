import { DatabaseError } from './database.error.js';
import { failuresIn, isTransient } from './transient.js';

const coded = (code: string) => Object.assign(new Error('from the driver'), { code });
const named = (name: string) => Object.assign(new Error('from TypeORM'), { name });
const circular: { cause?: unknown } = {};
circular.cause = circular;

describe('a failure of the machine', () => {
  it.each([
    ...['08000', '08001', '08003', '08004', '08006', '08007', '08P01'],
    ...['53000', '53100', '53200', '53300', '53400'],
    ...['57000', '57P01', '57P02', '57P03', '57P04', '57P05'],
    ...['40001', '40P01', '55P03'],
  ])('is SQLSTATE %s', (code) => {
    expect(isTransient(coded(code))).toBe(true);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])(
    'is a socket that says %s',
    (code) => expect(isTransient(coded(code))).toBe(true),
  );

  it.each([
    'Connection terminated unexpectedly',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'database "analytics" is not currently accepting connections',
  ])('is pg saying "%s"', (message) => {
    expect(isTransient(new Error(message))).toBe(true);
  });

  it.each(['QueryRunnerAlreadyReleasedError', 'QueryRunnerProviderAlreadyReleasedError'])('is %s', (name) => {
    expect(isTransient(named(name))).toBe(true);
  });

  it.each(['VERSION_CONFLICT', 'COMMIT_OUTCOME_UNKNOWN', 'TRANSACTION_ROLLED_BACK'] as const)('is a DatabaseError %s', (code) => {
    expect(isTransient(new DatabaseError(code, 'said the database'))).toBe(true);
  });

  it('is one however it is wrapped', () => {
    expect(isTransient(Object.assign(new Error('QueryFailedError'), { driverError: coded('40P01') }))).toBe(true);
    expect(isTransient(new Error('could not reserve', { cause: coded('57P03') }))).toBe(true);
    expect(isTransient(new AggregateError([coded('ECONNREFUSED')]))).toBe(true);
  });
});

describe('no failure of the machine', () => {
  it.each([
    ['a statement cancelled by its deadline', coded('57014')],
    ['a unique violation', coded('23505')],
    ['a missing table', coded('42P01')],
    ['a transaction idle for too long', coded('25P03')],
    ['a missing unit of work', new DatabaseError('NO_UNIT_OF_WORK', 'outside')],
    ['somebody else\'s VERSION_CONFLICT', coded('VERSION_CONFLICT')],
    ['a message that only mentions it', new Error('no: Connection terminated')],
    ['a thrown text', 'Connection terminated'],
    ['a number', 40001],
    ['nothing', undefined],
    ['an error that is its own cause', circular],
  ])('is %s', (_what, error) => {
    expect(isTransient(error)).toBe(false);
  });

  it('is looked for no deeper than five errors', () => {
    expect([...failuresIn(circular)]).toHaveLength(5);
  });
});
