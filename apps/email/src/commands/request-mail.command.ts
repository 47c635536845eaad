import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler } from '@nestjs/cqrs';
import type { Mail, Recipient } from '../domain/mail.js';
import { MailQueue } from '../persistence/mail-queue.js';

/** Only queues the mail: sending it inside a handler would let a slow mail server block a partition. */
export class RequestMail extends Command<void> {
  constructor(
    readonly mail: Mail,
    /** Absent when the event does not contain the customer. */
    readonly recipient?: Recipient,
  ) {
    super();
  }
}

@CommandHandler(RequestMail)
export class RequestMailHandler implements ICommandHandler<RequestMail> {
  constructor(private readonly queue: MailQueue) {}

  async execute({ mail, recipient }: RequestMail): Promise<void> {
    if (recipient !== undefined) this.queue.addRecipient(mail.orderId, recipient);
    this.queue.add(mail);
  }
}
