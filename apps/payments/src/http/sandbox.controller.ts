import { AllowedTo } from '@nestbox/access';
import { Body, Controller, Get, NotFoundException, Put } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CardGateway } from '../domain/card-gateway.js';
import type { SandboxBehaviour } from '../domain/sandbox.js';
import { SandboxCardGateway } from '../adapters/sandbox.card-gateway.js';
import { SandboxRequest } from './payments.schemas.js';

@ApiTags('sandbox')
@Controller('sandbox')
@AllowedTo('operator')
export class SandboxController {
  constructor(private readonly gateway: CardGateway) {}

  @Get()
  @ApiOperation({ summary: 'How the pretended provider behaves' })
  @ApiOkResponse({ standardSchema: SandboxRequest })
  @ApiNotFoundResponse({ description: 'A real provider is behind this' })
  get(): Promise<SandboxBehaviour> {
    return this.sandbox().behaviour();
  }

  @Put()
  @ApiOperation({ summary: 'Change that', description: 'What is left out goes back to its default. Survives restarts.' })
  @ApiOkResponse({ standardSchema: SandboxRequest })
  @ApiNotFoundResponse({ description: 'A real provider is behind this' })
  async put(@Body({ schema: SandboxRequest }) behaviour: SandboxRequest): Promise<SandboxBehaviour> {
    await this.sandbox().behave(behaviour);
    return behaviour;
  }

  private sandbox(): SandboxCardGateway {
    if (this.gateway instanceof SandboxCardGateway) return this.gateway;
    throw new NotFoundException('A real provider is behind this: it cannot be told how to behave.');
  }
}
