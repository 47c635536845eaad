/** How suites name the broker that they run on (test/support/brokers.ts and the broker contract do it for them). */
const brokers = [
  { name: 'in memory', suite: /in memory/i },
  { name: 'embedded log', suite: /embedded log/i },
  { name: 'Apache Kafka', suite: /Apache Kafka/i },
];

/**
 * @typedef {{ testResults: { assertionResults: { ancestorTitles: string[], status: string }[] }[] }} JestResults
 */

/**
 * Counted from what ran, not from what could have run.
 * @param {JestResults} results
 * @returns {{ name: string, tests: number }[]}
 */
export function exercisedBrokers({ testResults }) {
  const ran = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed');
  return brokers.map(({ name, suite }) => ({
    name,
    tests: ran.filter(({ ancestorTitles }) => ancestorTitles.some((title) => suite.test(title))).length,
  }));
}
