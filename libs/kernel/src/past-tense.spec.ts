import * as contracts from '@nestbox/contracts';
import fc from 'fast-check';
import { isPastTense } from './past-tense.js';

const named = Object.values(contracts).filter((one) => typeof one === 'object' && 'kind' in one);
const typesOf = (kind: string) => named.filter((contract) => contract.kind === kind).map(({ type }) => type);

describe('past tense', () => {
  it.each(typesOf('event'))('is heard in %s', (type) => expect(isPastTense(type)).toBe(true));
  it.each(typesOf('command'))('is not heard in %s', (type) => expect(isPastTense(type)).toBe(false));

  it.each(['PaymentSent', 'StockForgone', 'PriceSet', 'CardStolen', 'SubjectForgotten', 'StockOversold', 'InvoiceRepaid'])(
    'knows the irregular participle of %s',
    (name) => expect(isPastTense(name)).toBe(true),
  );

  it.each(['UserSignedUp', 'CustomerLoggedIn', 'StockSoldOut', 'TrialRunOut', 'OrderPutOff', 'PriceMarkedDown', 'OrderHandedOver', 'StockPutBack'])(
    'is heard in a phrasal verb: %s',
    (name) => expect(isPastTense(name)).toBe(true),
  );

  it.each(['PriceOverdue', 'CustomerSignUp', 'StockCheckIn', 'OrderHold', 'PriceUp', 'StockOut', 'OrderComeback'])(
    'is not heard in %s, which names a thing or a state',
    (name) => expect(isPastTense(name)).toBe(false),
  );

  it.each(['PriceFeed', 'DeliverySpeed', 'OrderProceed', 'StockExceed', 'WarehouseShed', 'GardenWeed', 'PalletBreed', 'CartonHundred'])(
    'is not taken in by the letters at the end of %s',
    (name) => expect(isPastTense(name)).toBe(false),
  );

  it.each(['Placed', 'SignedUp', 'PutBack', '', 'orderplaced', 'OrderPlaced2', 'OrderPlacedURL', 'order-placed'])(
    'needs a noun in PascalCase before its participle: "%s" has none',
    (name) => expect(isPastTense(name)).toBe(false),
  );

  it('is said by the last word alone, whatever comes before', () => {
    const noun = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
    const phrase = fc.array(noun, { minLength: 1, maxLength: 4 }).map((words) => words.join(''));
    fc.assert(fc.property(phrase, (words) => isPastTense(`${words}Placed`) && !isPastTense(`${words}Place`)));
  });
});
