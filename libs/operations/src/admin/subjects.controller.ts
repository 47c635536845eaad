import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { Body, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { Erasure } from '../erasure/erasure.js';
import type { Forgotten } from '../erasure/erasure.js';
import { act } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs, signed } from './rights.js';

const ForgetRequest = z.strictObject({ ...act, subject: z.string().min(1).max(512).meta({ description: 'Never logged or kept' }) });
type ForgetRequest = z.output<typeof ForgetRequest>;

/** `Erasure` over HTTP. The person is named in the body, because URLs end up in logs. */
@AdminController('subjects')
export class SubjectsController {
  constructor(@Inject(Erasure) private readonly erasure: Erasure) {}

  @Post('forget')
  @HttpCode(200)
  @Needs('subjects.forget')
  forget(@Body({ schema: ForgetRequest }) { subject, ...by }: ForgetRequest, @CurrentCaller() caller: Caller): Promise<Forgotten> {
    return this.erasure.forget(subject, signed(by, caller));
  }
}
