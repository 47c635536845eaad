import { newSpanId, runWithCorrelation, uuid7 } from '@nestbox/kernel';
import { StructuredLogger } from './structured.logger.js';
import type { LoggerSettings } from './structured.logger.js';

const correlation = { correlationId: 'basket-42', causationId: 'basket-42', traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: newSpanId() };

const ESCAPE = /(?![\t\n])\p{Cc}/u;

/** The output of a logger on both streams. */
function written(act: (logger: StructuredLogger) => void, settings: Partial<LoggerSettings> = {}): string {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr];
  const originals = streams.map(({ write }) => write);
  for (const stream of streams) stream.write = (text: unknown) => lines.push(String(text)) > 0;
  try {
    act(new StructuredLogger({ level: 'info', format: 'json', ...settings }));
  } finally {
    streams.forEach((stream, at) => (stream.write = originals[at]!));
  }
  return lines.join('');
}

describe('a log line', () => {
  it('carries the correlation id and the trace id of what is being handled', () => {
    const line = written((logger) => runWithCorrelation(correlation, () => logger.log('order placed', 'Orders')));
    expect(JSON.parse(line)).toMatchObject({
      level: 'log',
      message: 'order placed',
      context: 'Orders',
      correlationId: 'basket-42',
      traceId: correlation.traceId,
    });
  });

  it('is told where its own module is to tell more than the others, or less', () => {
    const modules = { Relay: 'debug', Http: 'error' } as const;
    const lines = written(
      (logger) => {
        logger.debug('woken', 'Relay');
        logger.debug('woken', 'Consumer');
        logger.warn('slow', 'Http');
        logger.warn('slow', 'Consumer');
      },
      { level: 'warn', modules },
    );
    const told = lines.trim().split('\n').map((line) => JSON.parse(line));
    expect(told.map(({ level, context }) => `${level} ${context}`)).toEqual(['debug Relay', 'warn Consumer']);
  });

  it('of the same failure is told a few times and then counted, however many events meet it', () => {
    const lines = written((logger) => {
      for (let n = 0; n < 1_000; n++) logger.error(`email.confirm-order failed on OrderPlaced ${uuid7()}, attempt ${n}`, 'Consumer');
      logger.error('another failure', 'Consumer');
    });
    const told = lines.trim().split('\n').map((line) => JSON.parse(line).message as string);
    expect(told).toHaveLength(6);
    expect(told[5]).toBe('another failure');
  });

  it('carries them in the readable format too', () => {
    const line = written((logger) => runWithCorrelation(correlation, () => logger.warn('stock is low')), { format: 'pretty' });
    expect(line).toContain('stock is low (correlation basket-42, trace 4bf92f3577b34da6a3ce929d0e0e4736)');
  });

  it.each(['json', 'pretty'] as const)('is one line and harmless in %s, whatever the message holds', (format) => {
    const text = written((logger) => logger.log('sku\nERROR all is lost\u001b[2J\u009b31m'), { format });
    expect(text.split('\n').filter((line) => line.startsWith('ERROR'))).toEqual([]);
    expect(text).not.toMatch(ESCAPE);
  });

  it('neutralises what an error says, and its stack', () => {
    const text = written((logger) => logger.error('no', new Error('a\u001b[2J\nERROR forged').stack), { format: 'pretty' });
    expect(text).not.toMatch(ESCAPE);
    expect(text).not.toMatch(/^ERROR/m);
  });

  it('is written from its level up', () => {
    expect(written((logger) => logger.debug('details'))).toBe('');
    expect(written((logger) => logger.log('news'), { level: 'warn' })).toBe('');
    expect(written((logger) => logger.error('trouble'), { level: 'warn' })).toContain('trouble');
  });

  it('leaves the framework to those who look for details', () => {
    const start = (logger: StructuredLogger) => logger.log('Mapped {/orders, POST} route', 'RouterExplorer');
    expect(written(start)).toBe('');
    expect(written(start, { level: 'debug' })).toContain('Mapped');
  });
});
