import { AllowedTo } from '@nestbox/access';
import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetLedger } from '../read-models/ledger/get-ledger.query.js';
import type { LedgerTotals } from '../read-models/ledger/get-ledger.query.js';
import { GetPayment } from '../read-models/payments/get-payment.query.js';
import type { PaymentDetails } from '../read-models/payments/get-payment.query.js';
import { LedgerAnswer, OrderId, PaymentAnswer } from './payments.schemas.js';

@ApiTags('payments')
@Controller()
@AllowedTo('viewer')
export class PaymentsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('payments/:orderId')
  @ApiOperation({ summary: 'Look at the payment of an order' })
  @ApiOkResponse({ standardSchema: PaymentAnswer })
  @ApiNotFoundResponse({ description: 'Nobody has asked for it (yet)' })
  async get(@Param('orderId', { schema: OrderId }) orderId: string): Promise<PaymentDetails> {
    const payment = await this.queries.execute(new GetPayment(orderId));
    if (!payment) throw new NotFoundException('Nobody has asked for this payment (yet).');
    return payment;
  }

  @Get('ledger')
  @ApiOperation({ summary: 'What was taken and given back in all', description: 'The balances add up to 0.' })
  @ApiOkResponse({ standardSchema: LedgerAnswer })
  ledger(): Promise<LedgerTotals> {
    return this.queries.execute(new GetLedger());
  }
}
