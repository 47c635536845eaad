import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CapturePayment as CaptureContract, RefundPayment as RefundContract } from '@nestbox/contracts';
import { HandlesCommand } from '@nestbox/eventing';
import type { CommandMessage } from '@nestbox/eventing';
import { CapturePayment } from '../commands/capture-payment.command.js';
import { RefundPayment } from '../commands/refund-payment.command.js';

const inOrder = { id: 'payments.carry-out-payments' };

/** One handler for both commands, so that a refund is never handled before an earlier capture. */
@Controller()
export class WhenAskedForPayment {
  constructor(private readonly commands: CommandBus) {}

  @HandlesCommand(CaptureContract, inOrder)
  async capture({ data: { orderId, amountCents, cardToken } }: CommandMessage<CaptureContract>): Promise<void> {
    await this.commands.execute(new CapturePayment(orderId, amountCents, cardToken));
  }

  @HandlesCommand(RefundContract, inOrder)
  async refund({ data }: CommandMessage<RefundContract>): Promise<void> {
    await this.commands.execute(new RefundPayment(data.orderId));
  }
}
