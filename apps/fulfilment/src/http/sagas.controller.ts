import { AllowedTo } from '@nestbox/access';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Sagas } from '@nestbox/eventing';
import type { SagaSummary, StepsState } from '@nestbox/eventing';
import { fulfilOrder } from '../saga/fulfil-order.js';
import type { OrderFacts } from '../saga/order-facts.js';
import { OrderId, SagaAnswer, SagasAnswer, SagasRequest } from './sagas.schemas.js';

@ApiTags('sagas')
@Controller('sagas')
@AllowedTo('viewer')
export class SagasController {
  constructor(private readonly sagas: Sagas) {}

  @Get()
  @ApiOperation({ summary: 'The sagas of orders', description: 'Newest first.' })
  @ApiOkResponse({ standardSchema: SagasAnswer })
  async list(@Query({ schema: SagasRequest }) wanted: SagasRequest) {
    const found = await this.sagas.list({ saga: fulfilOrder.id, ...wanted });
    return found.map(summaryOf);
  }

  @Get(':orderId')
  @ApiOperation({ summary: 'The saga of an order: its history, and what it waits for' })
  @ApiOkResponse({ standardSchema: SagaAnswer })
  @ApiNotFoundResponse({ description: 'No saga of this order has started here (yet)' })
  async get(@Param('orderId', { schema: OrderId }) orderId: string) {
    const found = await this.sagas.get(fulfilOrder.id, orderId);
    if (!found) throw new NotFoundException('No saga of this order has started here (yet).');
    const { history, timeouts } = found;
    const { direction, at, tries, marks } = found.state as StepsState<OrderFacts>;
    return { ...summaryOf(found), state: { direction, at, tries, steps: marks }, history, timeouts };
  }
}

function summaryOf({ id: orderId, status, note, startedAt, changedAt, endedAt }: SagaSummary) {
  return { orderId, status, note, startedAt, changedAt, endedAt };
}
