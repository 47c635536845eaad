import { Body, Controller, Get, HttpCode, Inject, Param, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
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
import { CancelOrder } from '../commands/cancel-order.command.js';
import type { Cancelled } from '../commands/cancel-order.command.js';
import { PlaceOrder } from '../commands/place-order.command.js';
import type { Placed } from '../commands/place-order.command.js';
import { OrderNotFound } from '../domain/order.errors.js';
import { GetOrder } from '../read-models/orders/get-order.query.js';
import type { OrderDetails } from '../read-models/orders/get-order.query.js';
import { OrderAnswer, OrderCancelledAnswer, OrderId, OrderPlacedAnswer, OrderRequest } from './orders.schemas.js';
import { WaitForSearch } from './wait-for-search.interceptor.js';

const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same body gets the same answer, however often it is sent.',
};

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @UseInterceptors(WaitForSearch, IdempotencyKeyInterceptor)
  @ApiOperation({ summary: 'Place an order', description: 'Lines of one sku are merged. Prices are those of this moment.' })
  @ApiHeader(idempotencyKey)
  @ApiQuery({ name: 'wait', required: false, enum: ['search'], description: 'Answer once search finds it, or after 2 s' })
  @ApiCreatedResponse({ standardSchema: OrderPlacedAnswer })
  @ApiUnprocessableEntityResponse({ description: 'UNKNOWN_SKU, QUANTITY_TOO_HIGH, ORDER_TOTAL_TOO_HIGH, or a reused key' })
  place(@Body({ schema: OrderRequest }) { userId, email, lines }: OrderRequest): Promise<Placed> {
    return this.commands.execute(new PlaceOrder(userId, email, lines));
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
  @HttpCode(200)
  @UseInterceptors(IdempotencyKeyInterceptor)
  @ApiOperation({ summary: 'Cancel an order' })
  @ApiHeader(idempotencyKey)
  @ApiOkResponse({ standardSchema: OrderCancelledAnswer })
  @ApiNotFoundResponse({ description: 'ORDER_NOT_FOUND' })
  @ApiConflictResponse({ description: 'ORDER_ALREADY_CANCELLED' })
  cancel(@Param('id', { schema: OrderId }) id: string): Promise<Cancelled> {
    return this.commands.execute(new CancelOrder(id));
  }
}
