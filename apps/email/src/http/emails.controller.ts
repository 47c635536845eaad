import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { subjectOf } from '../domain/letter.js';
import { GetSentMails } from '../read-models/sent-mails/get-sent-mails.query.js';
import { EmailsAnswer, EmailsRequest } from './emails.schemas.js';

@ApiTags('emails')
@Controller('emails')
@AllowedTo('viewer')
export class EmailsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'Mails that have been sent for an order', description: 'Oldest first; empty when none was.' })
  @ApiOkResponse({ standardSchema: EmailsAnswer })
  async sentFor(@Query({ schema: EmailsRequest }) { orderId }: EmailsRequest): Promise<EmailsAnswer> {
    const mails = await this.queries.execute(new GetSentMails(orderId));
    return mails.map(({ kind, to, eventId, sentAt }) => ({ kind, to, subject: subjectOf(kind, orderId), eventId, sentAt }));
  }
}
