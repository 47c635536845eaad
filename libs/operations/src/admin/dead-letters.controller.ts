import { CurrentCaller } from '@nestbox/access';
import type { Caller } from '@nestbox/access';
import { DeadLetters } from '@nestbox/consumer';
import type { CauseCount, DeadLetter, DeadLetterDetail, DeadLetterPage, RedriveReport } from '@nestbox/consumer';
import { Body, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { rowId } from './act.schemas.js';
import { AdminController } from './admin-controller.js';
import {
  CausesQuery,
  DiscardRequest,
  EditRequest,
  filterOf,
  DeadLettersQuery,
  RedriveRequest,
  selectionOf,
  UndoRequest,
} from './dead-letters.schemas.js';
import { LineStream } from './line-stream.js';
import type { LineResponse } from './line-stream.js';
import { Needs, signed } from './rights.js';

const MOST_NAMED = 100;

/** `DeadLetters` over HTTP. */
@AdminController('dead-letters')
export class DeadLettersController implements BeforeApplicationShutdown {
  private readonly redrives = new Set<LineStream>();

  constructor(@Inject(DeadLetters) private readonly deadLetters: DeadLetters) {}

  /** Shutdown waits for open responses, and a redrive may take hours: it stops after the current dead letter. */
  beforeApplicationShutdown(): void {
    for (const redrive of this.redrives) redrive.stop();
  }

  @Get()
  @Needs('dead-letters.read')
  list(@Query({ schema: DeadLettersQuery }) { after, limit, ...query }: DeadLettersQuery): Promise<DeadLetterPage> {
    return this.deadLetters.list(filterOf(query), { after, limit });
  }

  @Get('causes')
  @Needs('dead-letters.read')
  causes(@Query({ schema: CausesQuery }) query: CausesQuery): Promise<CauseCount[]> {
    return this.deadLetters.causes(filterOf(query));
  }

  @Get(':id')
  @Needs('dead-letters.read')
  async get(@Param('id', { schema: rowId }) id: string): Promise<DeadLetter & Pick<DeadLetterDetail, 'attempts'>> {
    const { recordKey: _key, recordValue: _value, recordText: _text, headers: _headers, ...deadLetter } = await this.deadLetters.get(id);
    return deadLetter;
  }

  @Get(':id/content')
  @Needs('dead-letters.read-content')
  async content(@Param('id', { schema: rowId }) id: string) {
    const { recordKey, recordValue, recordText, headers } = await this.deadLetters.get(id);
    const value = recordText === undefined ? readable(recordValue) : { text: recordText };
    return { headers, key: readable(recordKey), value };
  }

  /** Streams its progress as lines of JSON until it is done or the client disconnects. `dryRun` only reports the plan. */
  @Post('redrive')
  @HttpCode(200)
  @Needs('dead-letters.redrive')
  async redrive(
    @Body({ schema: RedriveRequest }) { selection, dryRun, ratePerSecond, ...by }: RedriveRequest,
    @CurrentCaller() caller: Caller,
    @Res() response: LineResponse,
  ): Promise<void> {
    const stream = new LineStream(response);
    this.redrives.add(stream);
    try {
      const { signal } = stream;
      const onProgress = (report: RedriveReport) => stream.say(brief(report));
      const options = { ...signed(by, caller), dryRun, ratePerSecond, signal, onProgress };
      const report = await this.deadLetters.redrive(selectionOf(selection), options);
      stream.end({ ...brief(report), ...named(report), done: !signal.aborted });
    } finally {
      this.redrives.delete(stream);
    }
  }

  @Post('discard')
  @HttpCode(200)
  @Needs('dead-letters.discard')
  async discard(
    @Body({ schema: DiscardRequest }) { selection, dryRun, ...by }: DiscardRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<{ discarded: number }> {
    return { discarded: await this.deadLetters.discard(selectionOf(selection), { ...signed(by, caller), dryRun }) };
  }

  @Post(':id/edit')
  @HttpCode(200)
  @Needs('dead-letters.edit')
  async edit(
    @Param('id', { schema: rowId }) id: string,
    @Body({ schema: EditRequest }) { data, value, ...by }: EditRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<{ id: string }> {
    return { id: await this.deadLetters.edit(id, value === undefined ? { data } : { value }, signed(by, caller)) };
  }

  @Post(':id/undo-discard')
  @HttpCode(204)
  @Needs('dead-letters.discard')
  undoDiscard(
    @Param('id', { schema: rowId }) id: string,
    @Body({ schema: UndoRequest }) { outOfOrder, ...by }: UndoRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<void> {
    return this.deadLetters.undoDiscard(id, { ...signed(by, caller), outOfOrder });
  }
}

function brief({ queues, redriven, failed }: RedriveReport) {
  const letters = queues.reduce((sum, { matching }) => sum + matching, 0);
  return { queues: queues.length, letters, redriven, failed: failed.length };
}

function named({ queues, failed }: RedriveReport) {
  return { first: queues.slice(0, MOST_NAMED), failures: failed.slice(0, MOST_NAMED) };
}

function readable(bytes: Buffer | null): { text: string } | { base64: string } | null {
  if (bytes === null) return null;
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}
