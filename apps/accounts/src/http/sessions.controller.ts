import { AllowedTo, FailedAttempts } from '@nestbox/access';
import { Body, Controller, Delete, HttpCode, HttpException, Ip, Post, UnauthorizedException } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { SignIn } from '../commands/sign-in.command.js';
import { SignInAgain } from '../commands/sign-in-again.command.js';
import { SignOut } from '../commands/sign-out.command.js';
import type { Session } from '../commands/entrance.js';
import { RefreshRequest, SessionAnswer, SignInRequest } from './accounts.schemas.js';

const MOST_FAILURES = 10;

@ApiTags('sessions')
@Controller('sessions')
@AllowedTo('public')
export class SessionsController {
  /** By address of the account and by that of the caller: neither one account nor all of them can be guessed at. */
  private readonly failures = new FailedAttempts(MOST_FAILURES);

  constructor(private readonly commands: CommandBus) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in' })
  @ApiOkResponse({ standardSchema: SessionAnswer })
  @ApiUnauthorizedResponse({ description: 'SIGN_IN_REFUSED' })
  @ApiTooManyRequestsResponse({ description: 'TOO_MANY_FAILURES' })
  async signIn(@Body({ schema: SignInRequest }) { email, password }: SignInRequest, @Ip() ip: string): Promise<Session> {
    const seconds = Math.max(this.failures.secondsToWait(email), this.failures.secondsToWait(ip));
    if (seconds > 0) throw new HttpException({ code: 'TOO_MANY_FAILURES', message: `Too many attempts: wait ${seconds} s.` }, 429);
    const session = await this.commands.execute(new SignIn(email, password));
    if (session) return session;
    for (const who of [email, ip]) this.failures.add(who);
    throw refused('No account has this address and password.');
  }

  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'Get a new access token for a refresh token, which is used up' })
  @ApiOkResponse({ standardSchema: SessionAnswer })
  @ApiUnauthorizedResponse({ description: 'SIGN_IN_REFUSED' })
  async refresh(@Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest): Promise<Session> {
    const session = await this.commands.execute(new SignInAgain(refreshToken));
    if (session) return session;
    throw refused('This refresh token does not hold: sign in again.');
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign out: the refresh token does not hold any more' })
  @ApiNoContentResponse()
  async signOut(@Body({ schema: RefreshRequest }) { refreshToken }: RefreshRequest): Promise<void> {
    await this.commands.execute(new SignOut(refreshToken));
  }
}

function refused(message: string): HttpException {
  return new UnauthorizedException({ code: 'SIGN_IN_REFUSED', message });
}
