import { DatabaseModule, UnitOfWork } from '@nestbox/database';
import { EventingModule } from '@nestbox/eventing';
import { eventually } from '@nestbox/kernel/testing';
import type { EventMessage } from '@nestbox/messaging';
import { InMemoryBroker } from '@nestbox/messaging/testing';
import { Controller, ForbiddenException, Inject, Injectable, Module, Scope, UseGuards, UseInterceptors } from '@nestjs/common';
import type { CallHandler, CanActivate, ExecutionContext, NestInterceptor, Type } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { Observable } from 'rxjs';
import { RunningContext } from '../../../../test/support/eventing/running-context.fixture.js';
import { OrderPlaced, shopTopics } from '../../../../test/support/eventing/shop.fixture.js';
import type { OrderData } from '../../../../test/support/eventing/shop.fixture.js';
import { DeadLetters } from '../parking/dead-letters.js';
import { EventContext } from './handler-call.js';
import { HandlesEvent, ProjectsEvent } from './handles-event.js';

const NOTE = 'INSERT INTO effects (handler, event_id, key, version) VALUES ($1, $2, $3, $4)';

@Injectable()
class Effects {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async note(handler: string, { eventId, key, aggregateVersion }: EventMessage): Promise<void> {
    await this.unitOfWork.query(NOTE, [handler, eventId, key, aggregateVersion]);
  }
}

const seen: string[] = [];

@Injectable()
class Noting implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    seen.push(execution.switchToRpc().getContext<EventContext>().handler.id);
    return next.handle();
  }
}

@Injectable()
@UseInterceptors(Noting)
class ReserveStock {
  constructor(private readonly effects: Effects) {}

  @HandlesEvent(OrderPlaced, { id: 'inventory.reserve-stock' })
  async reserve(@Payload() message: EventMessage<OrderData>, @Ctx() { handler }: EventContext): Promise<void> {
    await this.effects.note(handler.id, message);
  }
}

@Injectable()
class OrderHistory {
  constructor(private readonly effects: Effects) {}

  @ProjectsEvent(OrderPlaced, { id: 'search.orders' })
  async placed(message: EventMessage<OrderData>): Promise<void> {
    await this.effects.note('search.orders', message);
  }
}

class Nobody implements CanActivate {
  canActivate(): boolean {
    throw new ForbiddenException('not tonight');
  }
}

@Injectable()
@UseGuards(Nobody)
class Guarded {
  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  async confirm(): Promise<void> {}
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(REQUEST) readonly request: unknown) {}

  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  async confirm(): Promise<void> {}
}

@Controller()
class Both {
  @HandlesEvent(OrderPlaced, { id: 'email.confirm-order' })
  async confirm(): Promise<void> {}
}

describe('a handler in a provider', () => {
  let context: RunningContext | undefined;
  const start = async (...providers: Type[]) => (context = await RunningContext.start({ broker: new InMemoryBroker(), providers: [Effects, ...providers] }));
  afterEach(async () => {
    await context?.stop();
    context = undefined;
    seen.length = 0;
  });

  it('handles each event once, whether it is a reaction or a projection, with its interceptors and parameter decorators', async () => {
    const { app } = await start(ReserveStock, OrderHistory);
    const [order] = await context!.place();
    for (const handler of ['inventory.reserve-stock', 'search.orders']) {
      await eventually(async () => expect(await context!.effects(handler)).toEqual([expect.objectContaining({ key: order!.id, version: 1 })]));
    }
    expect(seen).toEqual(['inventory.reserve-stock']);
    expect(await app.get(DeadLetters).list({})).toMatchObject({ letters: [] });
  });

  it('is not acknowledged when a guard refuses: the event becomes a dead letter that says why', async () => {
    const { app } = await start(Guarded);
    await context!.place();
    const errors = async () => (await app.get(DeadLetters).list({})).letters.map(({ handler, errorMessage }) => [handler, errorMessage]);
    await eventually(async () => expect(await errors()).toEqual([['email.confirm-order', 'not tonight']]));
  });

  it('must be a singleton', async () => {
    await expect(start(PerRequest)).rejects.toMatchObject({ code: 'HANDLER_INVALID', message: expect.stringContaining('PerRequest is made anew for each request') });
  });

  it('must not be a controller as well: it would handle everything twice', async () => {
    const options = { broker: new InMemoryBroker(), handlers: [Both], providers: [Both] };
    await expect(RunningContext.start(options)).rejects.toMatchObject({ code: 'HANDLER_INVALID', message: expect.stringContaining('stands twice') });
  });
});

describe('an app with handlers whose consumer is not connected', () => {
  const appWith = async (consumer: { enabled?: boolean }) => {
    const database = await RunningContext.database();
    const eventing = { context: 'checkout', topics: shopTopics, broker: new InMemoryBroker(), consumer: { monitorEveryMs: 0, ...consumer } };
    @Module({
      imports: [DatabaseModule.forRoot({ url: database.url }), EventingModule.forRoot(eventing)],
      providers: [Effects, ReserveStock],
    })
    class ShopModule {}
    const app = (await Test.createTestingModule({ imports: [ShopModule] }).compile()).createNestApplication();
    return { app, stop: () => app.close().then(() => database.drop()) };
  };

  it('refuses to start, and says what to add', async () => {
    const { app, stop } = await appWith({});
    await expect(app.init()).rejects.toMatchObject({
      code: 'CONSUMER_NOT_CONNECTED',
      message: expect.stringMatching(/inventory\.reserve-stock: call app\.connectMicroservice/),
    });
    await stop();
  });

  it('starts where that is what it says', async () => {
    const { app, stop } = await appWith({ enabled: false });
    await app.init();
    await stop();
  });
});
