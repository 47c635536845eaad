import { write } from './letter.js';
import type { Mail } from './mail.js';

const mail: Mail = {
  orderId: '0191e7a0-5c3b-7c4e-9d2a-8f1b6c7d8e9f',
  kind: 'confirmation',
  eventId: '0191e7a0-5c3b-7c4e-9d2a-000000000001',
  correlationId: 'basket-42',
};

describe('a letter', () => {
  it('has the same Message-ID however often it is written', () => {
    expect(write(mail, 'ada@example.com').messageId).toBe(`<${mail.orderId}.confirmation@nestbox.example>`);
    expect(write({ ...mail, eventId: 'another' }, 'ada@example.com').messageId).toBe(
      `<${mail.orderId}.confirmation@nestbox.example>`,
    );
  });

  it('tells its kind in the subject', () => {
    expect(write(mail, 'ada@example.com').subject).toBe(`We have your order ${mail.orderId}`);
    expect(write({ ...mail, kind: 'apology' }, 'ada@example.com').subject).toMatch(/^We are sorry/);
  });

  it('names the event and the story that it belongs to', () => {
    expect(write(mail, 'ada@example.com').headers).toEqual({ 'X-Event-Id': mail.eventId, 'X-Correlation-Id': 'basket-42' });
  });

  it.each(['basket\r\nBcc: eve@example.com', 'two words', 'x'.repeat(129), ''])('leaves out the correlation id %j', (correlationId) => {
    expect(write({ ...mail, correlationId }, 'ada@example.com').headers).toEqual({ 'X-Event-Id': mail.eventId });
  });
});
