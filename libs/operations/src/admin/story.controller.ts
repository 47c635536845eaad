import type { HandlingsPart, MessagesPart } from '@nestbox/telemetry';
import { Body, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { StorySearch } from '../story/story-search.js';
import { DeliveryStatus } from '../story/delivery-status.js';
import { AdminController } from './admin-controller.js';
import { Needs } from './needs.js';

const name = z.string().min(1).max(512);
const MessagesRequest = z.strictObject({
  ids: z.array(name).min(1).max(50),
  since: z.iso.datetime(),
  instead: z.array(name).max(50).default([]),
});
type MessagesRequest = z.output<typeof MessagesRequest>;

const PublishedMessage = z.strictObject({
  eventId: z.uuid(),
  type: name,
  topic: name,
  partition: z.number().int().min(0),
  offset: z.string().regex(/^\d{1,18}$/),
  at: z.iso.datetime(),
});
const HandlingsRequest = z.strictObject({
  messages: z.array(PublishedMessage).max(1_000),
  keys: z.array(name).max(50),
  instead: z.array(name).max(50).default([]),
});
type HandlingsRequest = z.output<typeof HandlingsRequest>;

/** What this app can say of a story; `composeStory` of @nestbox/telemetry puts together what all of them say. */
@AdminController('story')
export class StoryController {
  constructor(
    @Inject(StorySearch) private readonly search: StorySearch,
    @Inject(DeliveryStatus) private readonly whereabouts: DeliveryStatus,
  ) {}

  /**
   * Messages on the topics and in the outbox of this context that have one of these as key, id or correlation id; and on the
   * topics of contexts that it answers for `instead`, because they do not.
   */
  @Post('messages')
  @HttpCode(200)
  @Needs('story.read')
  messages(@Body({ schema: MessagesRequest }) { ids, since, instead }: MessagesRequest): Promise<MessagesPart> {
    return this.search.find(ids, new Date(since), instead);
  }

  /** What the handlers of this app have made of these messages, and its sagas of these keys; `instead`: as above. */
  @Post('handlings')
  @HttpCode(200)
  @Needs('story.read')
  handlings(@Body({ schema: HandlingsRequest }) { messages, keys, instead }: HandlingsRequest): Promise<HandlingsPart> {
    return this.whereabouts.of(messages, keys, instead);
  }
}
