import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Get, NotFoundException, Param, Put, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OutboxInterceptor } from '@nestbox/eventing';
import { RefuseRegions } from '../commands/refuse-regions.command.js';
import { GetShipment } from '../read-models/shipments/get-shipment.query.js';
import type { ShipmentDetails } from '../read-models/shipments/get-shipment.query.js';
import { OrderId, SandboxRequest, ShipmentAnswer } from './shipments.schemas.js';

@ApiTags('shipments')
@Controller()
@AllowedTo('viewer')
export class ShipmentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Get('shipments/:orderId')
  @ApiOperation({ summary: 'Look at the shipment of an order' })
  @ApiOkResponse({ standardSchema: ShipmentAnswer })
  @ApiNotFoundResponse({ description: 'Nobody has asked for it (yet)' })
  async get(@Param('orderId', { schema: OrderId }) orderId: string): Promise<ShipmentDetails> {
    const shipment = await this.queries.execute(new GetShipment(orderId));
    if (!shipment) throw new NotFoundException('Nobody has asked for this shipment (yet).');
    return shipment;
  }

  @Put('sandbox')
  @AllowedTo('operator')
  @UseInterceptors(OutboxInterceptor)
  @ApiOperation({ summary: 'Say where the carrier does not go' })
  @ApiOkResponse({ standardSchema: SandboxRequest })
  async configure(@Body({ schema: SandboxRequest }) { refusedRegions }: SandboxRequest): Promise<SandboxRequest> {
    await this.commands.execute(new RefuseRegions(refusedRegions));
    return { refusedRegions };
  }
}
