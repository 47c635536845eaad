import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own producer. Arguments: brokers, topic, codec. One transaction stays open all along and is given up in the end. */
class InterleavedTransactions {
  public static void main(String[] given) throws Exception {
    try (var first = producer(given, "first"); var second = producer(given, "second")) {
      first.beginTransaction();
      send(first, given[1], List.of("given up 1"));
      second.beginTransaction();
      send(second, given[1], List.of("given up 2", "given up 3"));
      second.abortTransaction();
      second.beginTransaction();
      send(second, given[1], List.of("kept 1", "kept 2"));
      second.commitTransaction();
      send(first, given[1], List.of("given up 4"));
      first.abortTransaction();
      first.beginTransaction();
      send(first, given[1], List.of("last"));
      first.commitTransaction();
    }
  }

  private static void send(KafkaProducer<String, String> producer, String topic, List<String> values) throws Exception {
    for (var value : values) producer.send(new ProducerRecord<>(topic, 0, "order-1", value));
    producer.flush();
  }

  private static KafkaProducer<String, String> producer(String[] given, String name) {
    var settings = Map.<String, Object>of("bootstrap.servers", given[0], "transactional.id", given[1] + name, "compression.type", given[2]);
    var producer = new KafkaProducer<String, String>(settings, new StringSerializer(), new StringSerializer());
    producer.initTransactions();
    return producer;
  }
}
