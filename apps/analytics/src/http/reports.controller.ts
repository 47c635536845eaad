import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GetFunnel } from '../read-models/funnel/get-funnel.query.js';
import type { Funnel } from '../read-models/funnel/get-funnel.query.js';
import { GetRevenue } from '../read-models/revenue/get-revenue.query.js';
import type { Revenue } from '../read-models/revenue/get-revenue.query.js';
import { GetSignUps } from '../read-models/sign-ups/get-sign-ups.query.js';
import type { SignUps } from '../read-models/sign-ups/get-sign-ups.query.js';
import { FunnelAnswer, RevenueAnswer, RevenueRequest, SignUpsAnswer } from './reports.schemas.js';

@ApiTags('reports')
@Controller('reports')
@AllowedTo('internal')
export class ReportsController {
  constructor(private readonly queries: QueryBus) {}

  @Get('revenue')
  @ApiOperation({
    summary: 'Revenue by day or hour (UTC)',
    description: 'Placed orders without those cancelled since, in the period in which they were placed.',
  })
  @ApiOkResponse({ standardSchema: RevenueAnswer })
  revenue(@Query({ schema: RevenueRequest }) { by }: RevenueRequest): Promise<readonly Revenue[]> {
    return this.queries.execute(new GetRevenue(by));
  }

  @Get('funnel')
  @ApiOperation({ summary: 'How many orders came to each stage' })
  @ApiOkResponse({ standardSchema: FunnelAnswer })
  funnel(): Promise<Funnel> {
    return this.queries.execute(new GetFunnel());
  }

  @Get('sign-ups')
  @ApiOperation({ summary: 'How many people signed up, by day (UTC)' })
  @ApiOkResponse({ standardSchema: SignUpsAnswer })
  signUps(): Promise<readonly SignUps[]> {
    return this.queries.execute(new GetSignUps());
  }
}
