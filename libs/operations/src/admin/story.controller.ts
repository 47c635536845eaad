import type { HandlingsPart, MessagesPart } from '@nestbox/telemetry';
import { Body, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { StorySearch } from '../story/story-search.js';
import { DeliveryStatus } from '../story/delivery-status.js';
import { AdminController } from './admin-controller.js';
import { Needs } from './rights.js';

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

/** This app's part of a story; `composeStory` of @nestbox/telemetry joins the parts of all apps. */
@AdminController('story')
export class StoryController {
  constructor(
    @Inject(StorySearch) private readonly search: StorySearch,
    @Inject(DeliveryStatus) private readonly deliveryStatus: DeliveryStatus,
  ) {}

  /**
   * Messages with one of these values as key, id or correlation id: on this context's topics, in its outbox, and on the
   * topics of the `instead` contexts, which do not answer themselves.
   */
  @Post('messages')
  @HttpCode(200)
  @Needs('story.read')
  messages(@Body({ schema: MessagesRequest }) { ids, since, instead }: MessagesRequest): Promise<MessagesPart> {
    return this.search.find(ids, new Date(since), instead);
  }

  /** What this app's handlers did with these messages, and its sagas with these keys. `instead` as in `messages`. */
  @Post('handlings')
  @HttpCode(200)
  @Needs('story.read')
  handlings(@Body({ schema: HandlingsRequest }) { messages, keys, instead }: HandlingsRequest): Promise<HandlingsPart> {
    return this.deliveryStatus.of(messages, keys, instead);
  }
}
