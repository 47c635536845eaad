import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { UnitOfWork } from '@nestbox/database';
import { formatPosition } from '@nestbox/messaging';
import { lastValueFrom } from 'rxjs';
import { Outbox } from '../outbox/outbox.js';

/** An answer, and `Nestbox-Position`. */
export interface Done {
  readonly body: unknown;
  readonly position: string | undefined;
}

/**
 * What interceptors around a controller's method share: its answer leaves once state and events are committed.
 * Requests and responses are touched through Nest's adapter only, so that Express and Fastify will both do.
 */
@Injectable()
export abstract class CommittedAnswers {
  constructor(
    @Inject(UnitOfWork) protected readonly unitOfWork: UnitOfWork,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  protected get http(): HttpAdapterHost['httpAdapter'] {
    return this.host.httpAdapter;
  }

  protected async answer(response: unknown, work: () => Promise<Done>): Promise<unknown> {
    const { body, position } = await this.unitOfWork.run(work);
    // It is committed: a method that has answered by itself gets no error for a header that comes too late.
    if (position && !this.http.isHeadersSent(response)) this.http.setHeader(response, 'Nestbox-Position', position);
    return body;
  }

  protected async perform(next: CallHandler): Promise<Done> {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    return { body, position: formatPosition(this.outbox.written()) };
  }
}
