import { Audit } from '@nestbox/consumer';
import type { AuditRow } from '@nestbox/consumer';
import { Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { rowId } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import { Needs } from './rights.js';

const AuditQuery = z.strictObject({
  before: rowId.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
type AuditQuery = z.output<typeof AuditQuery>;

/** Operators' actions, newest first. */
@AdminController('audit')
export class AuditController {
  constructor(@Inject(Audit) private readonly audit: Audit) {}

  @Get()
  @Needs('audit.read')
  read(@Query({ schema: AuditQuery }) { limit, before }: AuditQuery): Promise<AuditRow[]> {
    return this.audit.read(limit, before);
  }
}
