import { ConsoleLogger } from '@nestjs/common';
import type { LogLevel as NestLogLevel } from '@nestjs/common';
import { currentCorrelation, gistOf } from '@nestbox/kernel';
import type { LogFormat, LogLevel } from '../config/config.js';
import { neutralise, neutraliseJson } from './neutralise.js';
import { Storm } from './storm.js';

const levels: Record<LogLevel, NestLogLevel[]> = {
  debug: ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'],
  info: ['log', 'warn', 'error', 'fatal'],
  warn: ['warn', 'error', 'fatal'],
  error: ['error', 'fatal'],
};

// Nest logs a failed start-up under these names with a stack; bootstrap logs it in one line.
const TOLD_BY_BOOTSTRAP = ['ExceptionHandler', 'NestApplication'];
// About thirty lines per start on modules and routes; useful only to debug those.
const DETAILS = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication', 'NestMicroservice'];

const STORMY: readonly NestLogLevel[] = ['warn', 'error'];
const SAME_LINES = 5;

export interface LoggerSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Levels per logger name that differ from the general level. */
  readonly modules?: Readonly<Record<string, LogLevel>>;
}

/** One line per message, with the current correlation id and trace id. */
export class StructuredLogger extends ConsoleLogger {
  private readonly storm = new Storm(SAME_LINES);
  private readonly level: LogLevel;
  private readonly modules: Readonly<Record<string, LogLevel>>;

  constructor({ level, format, modules = {} }: LoggerSettings) {
    const json = format === 'json';
    // Nest takes one list of levels; each line is then filtered by its own logger's level.
    const widest = [level, ...Object.values(modules)].reduce((wide, one) => (levels[one].length > levels[wide].length ? one : wide));
    super({ json, logLevels: levels[widest], colors: !json && process.stdout.isTTY === true, prefix: 'Nestbox' });
    this.level = level;
    this.modules = modules;
  }

  protected override printMessages(...all: Parameters<ConsoleLogger['printMessages']>): void {
    const [messages, context = '', level = 'log', ...rest] = all;
    const wanted = levels[this.modules[context] ?? this.level];
    if (!wanted.includes(level)) return;
    if (level === 'error' && TOLD_BY_BOOTSTRAP.includes(context)) return;
    if (level === 'log' && DETAILS.includes(context) && !wanted.includes('debug')) return;
    const told = STORMY.includes(level) ? this.counted(messages, context, level) : messages;
    if (told.length > 0) super.printMessages(told, context, level, ...rest);
  }

  /** Logs the first few lines of the same failure; a later line reports the number of suppressed ones. */
  private counted(messages: unknown[], context: string, level: NestLogLevel): unknown[] {
    return messages.flatMap((message) => {
      if (typeof message !== 'string') return [message];
      const atEnd = (more: number) => super.printMessages([`${message} (and ${more} more like it)`], context, level);
      const held = this.storm.admit(`${level} ${context} ${gistOf(message)}`, Date.now(), atEnd);
      if (held === undefined) return [];
      return [held > 0 ? `${message} (and ${held} more like it)` : message];
    });
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
