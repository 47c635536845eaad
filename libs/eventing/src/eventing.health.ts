import { Inject, Injectable } from '@nestjs/common';
import { Broker } from './broker/broker.js';
import { EventConsumer } from './consumer/event-consumer.js';

/** One line when the app cannot hear or be heard: the broker is away, or a consumer group is not consuming. */
@Injectable()
export class EventingHealth {
  constructor(
    @Inject(Broker) private readonly broker: Broker,
    @Inject(EventConsumer) private readonly consumer: EventConsumer,
  ) {}

  async problem(): Promise<string | undefined> {
    const broker = await this.broker.problem();
    if (broker) return `broker: ${broker}`;
    const consumer = this.consumer.problem();
    return consumer && `consumer: ${consumer}`;
  }
}
