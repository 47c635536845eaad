import { AllowedTo, CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, UseInterceptors } from '@nestjs/common';
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
import { GuestSecret } from './guest-secret.interceptor.js';
import { OrderSecrets } from './order-secrets.js';
import { ordererFor } from './orderer.js';
import { WaitForSearch } from './wait-for-search.interceptor.js';

const idempotencyKey = {
  name: 'Idempotency-Key',
  required: false,
  description: 'The same key with the same body gets the same answer, however often it is sent.',
};

const orderSecret = { name: 'Order-Secret', required: false, description: 'Of a guest: as the answer to the order has it.' };

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly secrets: OrderSecrets,
  ) {}

  @Post()
  @AllowedTo('public')
  @UseInterceptors(WaitForSearch, GuestSecret, IdempotencyKeyInterceptor)
  @ApiOperation({ summary: 'Place an order', description: 'Lines of one sku are merged. Prices are those of this moment.' })
  @ApiHeader(idempotencyKey)
  @ApiQuery({ name: 'wait', required: false, enum: ['search'], description: 'Answer once search finds it, or after 2 s' })
  @ApiCreatedResponse({ standardSchema: OrderPlacedAnswer })
  @ApiUnprocessableEntityResponse({ description: 'UNKNOWN_SKU, QUANTITY_TOO_HIGH, ORDER_TOTAL_TOO_HIGH, NOT_YOURSELF, or a reused key' })
  place(
    @Body({ schema: OrderRequest }) { userId, email, lines, cardToken, region }: OrderRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<Placed> {
    return this.commands.execute(new PlaceOrder(ordererFor(caller, userId), email, lines, cardToken, region));
  }

  @Get(':id')
  @AllowedTo('customer', 'guest', 'viewer')
  @ApiHeader(orderSecret)
  @ApiOperation({ summary: 'Look at an order' })
  @ApiOkResponse({ standardSchema: OrderAnswer })
  @ApiNotFoundResponse({ description: 'ORDER_NOT_FOUND' })
  get(@Param('id', { schema: OrderId }) id: string, @CurrentCaller() caller: Caller, @Headers('order-secret') secret = ''): Promise<OrderDetails> {
    return this.ownOrder(id, caller, secret);
  }

  @Post(':id/cancel')
  @AllowedTo('customer', 'guest', 'operator')
  @ApiHeader(orderSecret)
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
  async cancel(
    @Param('id', { schema: OrderId }) id: string,
    @CurrentCaller() caller: Caller,
    @Headers('order-secret') secret = '',
  ): Promise<CancellationRequested> {
    await this.ownOrder(id, caller, secret);
    return this.commands.execute(new RequestCancellation(id));
  }

  /** Somebody else's order is as good as none. */
  private async ownOrder(id: string, caller: Caller, secret: string): Promise<OrderDetails> {
    const order = await this.queries.execute(new GetOrder(id));
    if (!order) throw new OrderNotFound();
    const isOwn = caller.kind === 'customer' ? order.userId === caller.subject : caller.kind === 'operator' || this.secrets.fits(id, secret);
    if (!isOwn) throw new OrderNotFound();
    return order;
  }
}
