import { ConsoleLogger } from '@nestjs/common';
import type { LogLevel as NestLogLevel } from '@nestjs/common';
import { currentCorrelation } from '@nestbox/kernel';
import type { LogFormat, LogLevel } from '../config/config.js';
import { neutralise, neutraliseJson } from './neutralise.js';

const levels: Record<LogLevel, NestLogLevel[]> = {
  debug: ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'],
  info: ['log', 'warn', 'error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  error: ['error', 'fatal'],
};

// Nest tells of a failed start-up here, with its stack, before bootstrap tells of it in one line.
const TOLD_BY_BOOTSTRAP = ['ExceptionHandler', 'NestApplication'];
// Thirty lines per start about modules and routes: for whoever is looking for a fault in just those.
const DETAILS = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication', 'NestMicroservice'];

/** One line per message, carrying the correlation id and the trace id of whatever is being handled. */
export class StructuredLogger extends ConsoleLogger {
  constructor(settings: { level: LogLevel; format: LogFormat }) {
    const json = settings.format === 'json';
    super({ json, logLevels: levels[settings.level], colors: !json && process.stdout.isTTY === true, prefix: 'Nestbox' });
  }

  protected override printMessages(...all: Parameters<ConsoleLogger['printMessages']>): void {
    const [, context = '', level] = all;
    if (level === 'error' && TOLD_BY_BOOTSTRAP.includes(context)) return;
    if (level === 'log' && DETAILS.includes(context) && !this.isLevelEnabled('debug')) return;
    super.printMessages(...all);
  }

  protected override getJsonLogObject(...[message, options]: Parameters<ConsoleLogger['getJsonLogObject']>) {
    const { correlationId, traceId } = currentCorrelation() ?? {};
    const line = super.getJsonLogObject(message, options);
    return { ...line, timestamp: new Date().toISOString() as never, correlationId, traceId };
  }

  protected override stringifyJsonLogObject(...args: Parameters<ConsoleLogger['stringifyJsonLogObject']>): string {
    return neutraliseJson(super.stringifyJsonLogObject(...args));
  }

  protected override stringifyMessage(message: unknown, logLevel: NestLogLevel): string {
    const text = typeof message === 'string' ? message : String(super.stringifyMessage(message, logLevel));
    const correlation = currentCorrelation();
    const ids = correlation ? ` (correlation ${correlation.correlationId}, trace ${correlation.traceId})` : '';
    return this.colorize(neutralise(text) + ids, logLevel);
  }

  protected override printStackTrace(stack: string): void {
    if (stack && !this.options.json) super.printStackTrace(`    | ${neutralise(stack)}`);
  }
}
