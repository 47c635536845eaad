import { AllowedTo, CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ConfirmAddress } from '../commands/confirm-address.command.js';
import { SignUp } from '../commands/sign-up.command.js';
import { AccountNotFound } from '../domain/account.errors.js';
import { GetAccount } from '../read-models/accounts/get-account.query.js';
import type { AccountDetails } from '../read-models/accounts/get-account.query.js';
import { AccountAnswer, AccountId, ConfirmRequest, SignUpRequest } from './accounts.schemas.js';

@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(202)
  @AllowedTo('public')
  @ApiOperation({ summary: 'Sign up', description: 'The answer is the same where the address has an account already.' })
  @ApiAcceptedResponse({ example: { status: 'a mail is on its way' } })
  async signUp(@Body({ schema: SignUpRequest }) { email, password }: SignUpRequest): Promise<{ status: string }> {
    await this.commands.execute(new SignUp(email, password));
    return { status: 'a mail is on its way' };
  }

  @Post(':id/confirm')
  @HttpCode(204)
  @AllowedTo('public')
  @ApiOperation({ summary: 'Confirm the address with the code that was mailed' })
  @ApiNoContentResponse()
  @ApiUnprocessableEntityResponse({ description: 'WRONG_CODE' })
  async confirm(@Param('id', { schema: AccountId }) id: string, @Body({ schema: ConfirmRequest }) { code }: ConfirmRequest): Promise<void> {
    await this.commands.execute(new ConfirmAddress(id, code));
  }

  @Get('me')
  @AllowedTo('customer')
  @ApiOperation({ summary: 'Look at your own account' })
  @ApiOkResponse({ standardSchema: AccountAnswer })
  async me(@CurrentCaller() caller: Caller): Promise<AccountDetails> {
    const account = caller.kind === 'customer' ? await this.queries.execute(new GetAccount(caller.subject)) : undefined;
    if (!account) throw new AccountNotFound();
    return account;
  }
}
