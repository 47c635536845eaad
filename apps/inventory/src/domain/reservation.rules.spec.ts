import { specify } from '@nestbox/kernel/testing';
import { reservationRules } from './reservation.rules.js';
import type { ReservationCommand, ReservationFact } from './reservation.rules.js';

const lines = [
  { sku: 'mug-blue', quantity: 2 },
  { sku: 'tea-green', quantity: 1 },
];
const reserve = (available: Record<string, number>): ReservationCommand => ({
  type: 'Reserve',
  lines,
  available: new Map(Object.entries(available)),
});
const plenty = reserve({ 'mug-blue': 10, 'tea-green': 10 });
const release: ReservationCommand = { type: 'Release', reason: 'customer' };

const reserved: ReservationFact = { type: 'Reserved', lines };
const rejected: ReservationFact = { type: 'Rejected', shortages: [{ sku: 'mug-blue', requested: 2, available: 1 }] };
const released: ReservationFact = { type: 'Released', lines };
const forgone: ReservationFact = { type: 'Forgone', reason: 'customer' };
const { given } = specify(reservationRules);

describe('a reservation', () => {
  it('sets all lines aside when there is enough of each', () => {
    given().when(plenty).then(reserved);
    given().when(reserve({ 'mug-blue': 2, 'tea-green': 1 })).then(reserved);
  });

  it('sets nothing aside when one line is short, and says what is missing', () => {
    given()
      .when(reserve({ 'mug-blue': 1, 'tea-green': 10 }))
      .then(rejected);
  });

  it('counts an unknown sku as none', () => {
    given()
      .when(reserve({ 'mug-blue': 2 }))
      .then({ type: 'Rejected', shortages: [{ sku: 'tea-green', requested: 1, available: 0 }] });
  });

  it('gives back what it had set aside', () => {
    given(reserved).when(release).then(released);
  });

  it('does nothing ever after when the cancellation came first', () => {
    given().when(release).then(forgone);
    given(forgone).when(plenty).thenNothing();
    given(forgone).when(release).thenNothing();
  });

  it('has nothing to give back after a rejection', () => {
    given(rejected).when(release).thenNothing();
  });

  it('is decided once, however often it is asked', () => {
    given(reserved).when(plenty).thenNothing();
    given(rejected).when(plenty).thenNothing();
    given(reserved, released).when(plenty).thenNothing();
    given(reserved, released).when(release).thenNothing();
  });
});
