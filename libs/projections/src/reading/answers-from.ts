import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ANSWERS_FROM, FreshnessInterceptor } from './freshness.interceptor.js';
import { waitablesIn } from './waitable.js';

/**
 * On a route that reads what these classes project: a request that says `Nestbox-After` is answered once they have
 * applied those events. `Prefer: wait=2` bounds the wait (2 s unless said, 30 s at most). In time the answer carries
 * `Nestbox-Stale: false`; else it is the answer there is, with `Nestbox-Stale: true`, or 202 for `Prefer: respond-async`.
 */
export function AnswersFrom(...projections: Type[]): MethodDecorator {
  return applyDecorators(SetMetadata(ANSWERS_FROM, projections.flatMap(waitablesIn)), UseInterceptors(FreshnessInterceptor));
}
