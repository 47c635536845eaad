import { AllowedTo } from '@nestbox/access';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JWK } from 'jose';
import { SigningKeys } from '../adapters/signing-keys.js';
import { KeysAnswer } from './accounts.schemas.js';

@ApiTags('keys')
@Controller('.well-known')
@AllowedTo('public')
export class KeysController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Header('Cache-Control', 'public, max-age=60')
  @ApiOperation({ summary: 'The public keys of access tokens (RFC 7517)' })
  @ApiOkResponse({ standardSchema: KeysAnswer })
  async published(): Promise<{ keys: readonly JWK[] }> {
    return { keys: (await this.keys.published()).map(({ publicKey }) => publicKey) };
  }
}
