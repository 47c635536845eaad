import { Inject, Injectable } from '@nestjs/common';
import type { CallHandler } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { UnitOfWork } from '@nestbox/database';
import { formatPosition } from '@nestbox/messaging';
import { lastValueFrom } from 'rxjs';
import { Outbox } from '../outbox/outbox.js';

/** An answer, and the value of `Nestbox-Position`. */
export interface Done {
  readonly body: unknown;
  readonly position: string | undefined;
}

/**
 * Base of interceptors that send an answer only after state and events are committed. It uses requests and responses through
 * Nest's adapter only, so it works with Express and Fastify.
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
    // The work is committed, so a method that has sent its own answer must not fail for a late header.
    if (position && !this.http.isHeadersSent(response)) this.http.setHeader(response, 'Nestbox-Position', position);
    return body;
  }

  protected async perform(next: CallHandler): Promise<Done> {
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    return { body, position: formatPosition(this.outbox.written()) };
  }
}
