import type { CallHandler, ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { UnitOfWork } from '@nestbox/database';
import { lastValueFrom, of } from 'rxjs';
import type { Outbox } from '../outbox/outbox.js';
import { OutboxInterceptor } from './outbox.interceptor.js';

/** A response of no framework: any access except through the adapter fails. */
const response = Object.freeze({});
const context = { switchToHttp: () => ({ getResponse: () => response }) } as unknown as ExecutionContext;
const unitOfWork = { run: (work: () => Promise<unknown>) => work() } as unknown as UnitOfWork;
const written = [{ eventId: '018f0000-0000-7000-8000-000000000001', eventType: 'OrderPlaced' }];
const outbox = { written: () => written } as unknown as Outbox;
const next: CallHandler = { handle: () => of('placed') };

async function answered(isHeadersSent: boolean): Promise<{ answer: unknown; headers: string[] }> {
  const headers: string[] = [];
  const httpAdapter = { isHeadersSent: () => isHeadersSent, setHeader: (_: unknown, name: string) => headers.push(name) };
  const interceptor = new OutboxInterceptor(unitOfWork, outbox, { httpAdapter } as unknown as HttpAdapterHost);
  return { answer: await lastValueFrom(interceptor.intercept(context, next)), headers };
}

describe('the answer of a controller that writes', () => {
  it('names its events, through the adapter of whatever framework serves', async () => {
    expect(await answered(false)).toEqual({ answer: 'placed', headers: ['Nestbox-Position'] });
  });

  it('gets no header when it has left by itself', async () => {
    expect(await answered(true)).toEqual({ answer: 'placed', headers: [] });
  });
});
