import { Catch, HttpException, Logger } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { toProblem } from '@nestbox/platform';
import type { Response } from 'express';
import { RegistryError } from '../domain/registry.errors.js';

/** Errors in Confluent's format: `{ error_code, message }`. */
@Catch()
export class RegistryErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Registry');

  catch(exception: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const { status, code, message } = answerTo(exception);
    if (status >= 500 && !(exception instanceof HttpException)) this.logger.error((exception as Error).stack ?? message);
    response.status(status).type('application/vnd.schemaregistry.v1+json');
    response.send(JSON.stringify({ error_code: code, message }));
  }
}

function answerTo(exception: unknown): { status: number; code: number; message: string } {
  if (exception instanceof RegistryError) {
    return { status: exception.status, code: exception.errorCode, message: exception.message };
  }
  const { status, detail, title } = toProblem(exception);
  // Clients look for the word.
  if (status === 401) return { status, code: 40101, message: `Unauthorized: ${detail ?? title}` };
  if (status === 403) return { status, code: 40301, message: detail ?? title };
  // 50001 is the code for failures of the store; clients retry.
  const code = status === 503 ? 50001 : status === 500 ? 50001 : status === 400 ? 422 : status;
  return { status: code === 422 ? 422 : status, code, message: detail ?? title ?? 'Error in the backend data store' };
}
