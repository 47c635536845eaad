import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Get, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { IdempotencyKeyInterceptor } from '@nestbox/eventing';
import { PlaceOrder } from '../commands/place-order.command.js';
import type { Placed } from '../commands/place-order.command.js';
import { RequestCancellation } from '../commands/request-cancellation.command.js';
import type { CancellationRequested } from '../commands/request-cancellation.command.js';
import { OrderNotFound } from '../domain/order.errors.js';
import { GetOrder } from '../read-models/orders/get-order.query.js';
import type { OrderDetails } from '../read-models/orders/get-order.query.js';
import { CancellationAnswer, OrderAnswer, OrderId, OrderPlacedAnswer, OrderRequest } from './orders.schemas.js';
import { WaitForSearch } from './wait-for-search.interceptor.js';

const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same body gets the same answer, however often it is sent.',
};

@ApiTags('orders')
@Controller('orders')
@AllowedTo('public')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @UseInterceptors(WaitForSearch, IdempotencyKeyInterceptor)
  @ApiOperation({ summary: 'Place an order', description: 'Lines of one sku are merged. Prices are those of this moment.' })
  @ApiHeader(idempotencyKey)
  @ApiQuery({ name: 'wait', required: false, enum: ['search'], description: 'Answer once search finds it, or after 2 s' })
  @ApiCreatedResponse({ standardSchema: OrderPlacedAnswer })
  @ApiUnprocessableEntityResponse({ description: 'UNKNOWN_SKU, QUANTITY_TOO_HIGH, ORDER_TOTAL_TOO_HIGH, or a reused key' })
  place(@Body({ schema: OrderRequest }) { userId, email, lines, cardToken, region }: OrderRequest): Promise<Placed> {
    return this.commands.execute(new PlaceOrder(userId, email, lines, cardToken, region));
  }

  @Get(':id')
  @ApiOperation({ summary: 'Look at an order' })
  @ApiOkResponse({ standardSchema: OrderAnswer })
  @ApiNotFoundResponse({ description: 'ORDER_NOT_FOUND' })
  async get(@Param('id', { schema: OrderId }) id: string): Promise<OrderDetails> {
    const order = await this.queries.execute(new GetOrder(id));
    if (!order) throw new OrderNotFound();
    return order;
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @UseInterceptors(IdempotencyKeyInterceptor)
  @ApiOperation({
    summary: 'Ask for an order to be cancelled',
    description: 'It ends cancelled, with stock and money given back, or shipped if that came first: look at its status.',
  })
  @ApiHeader(idempotencyKey)
  @ApiAcceptedResponse({ standardSchema: CancellationAnswer })
  @ApiNotFoundResponse({ description: 'ORDER_NOT_FOUND' })
  @ApiConflictResponse({ description: 'ORDER_ALREADY_CANCELLED, ORDER_ALREADY_SHIPPED' })
  cancel(@Param('id', { schema: OrderId }) id: string): Promise<CancellationRequested> {
    return this.commands.execute(new RequestCancellation(id));
  }
}
