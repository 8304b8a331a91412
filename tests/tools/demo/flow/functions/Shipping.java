import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Woken by the topic: keeps each parcel in a table. */
public class Shipping {
    private final DynamoDbClient dynamoDb = DynamoDbClient.create();

    @SuppressWarnings("unchecked")
    public String handle(Map<String, Object> event) {
        List<Map<String, Object>> records = (List<Map<String, Object>>) event.get("Records");
        for (Map<String, Object> record : records) {
            Map<String, Object> message = (Map<String, Object>) record.get("Sns");
            dynamoDb.putItem(request -> request.tableName("shipments")
                    .item(Map.of(
                            "id", AttributeValue.fromS((String) message.get("MessageId")),
                            "parcel", AttributeValue.fromS((String) message.get("Message")))));
        }
        return "kept";
    }
}
