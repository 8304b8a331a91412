import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Asks AWS by the AWS SDK for Java v2: [{java, operation, input}]; answers with each one's error code. */
public class Asks {
    private static final String SERVICES = "software.amazon.awssdk.services.";
    private final Map<String, Object> clients = new HashMap<>();

    public List<String> handle(List<Map<String, Object>> event) throws Exception {
        List<String> codes = new ArrayList<>();
        for (Map<String, Object> one : event) {
            codes.add(ask((String) one.get("java"), (String) one.get("operation"), (Map<?, ?>) one.get("input")));
        }
        return codes;
    }

    /** `service`: the client's class without its end, `dynamodb.DynamoDb`. */
    private String ask(String service, String operation, Map<?, ?> input) throws Exception {
        String model = SERVICES + service.substring(0, service.indexOf('.')) + ".model." + operation + "Request";
        Object builder = Class.forName(model).getMethod("builder").invoke(null);
        Map<Object, Object> rest = new HashMap<>(input);
        Object body = rest.remove("Body");
        fill((SdkPojo) builder, rest);
        Object request = ((SdkBuilder<?, ?>) builder).build();
        try {
            send(client(service), operation, request, body);
            return "";
        } catch (InvocationTargetException exception) {
            return code(exception.getCause());
        } catch (AwsServiceException exception) {
            return code(exception);
        }
    }

    private static String code(Throwable thrown) {
        return thrown instanceof AwsServiceException
                ? ((AwsServiceException) thrown).awsErrorDetails().errorCode()
                : thrown.toString();
    }

    private static void send(Object client, String operation, Object request, Object body) throws Exception {
        if (request instanceof PutObjectRequest) {
            ((S3Client) client).putObject((PutObjectRequest) request, RequestBody.fromString((String) body));
        } else if (request instanceof UploadPartRequest) {
            ((S3Client) client).uploadPart((UploadPartRequest) request, RequestBody.fromString((String) body));
        } else if (request instanceof GetObjectRequest) {
            ((S3Client) client).getObject((GetObjectRequest) request, ResponseTransformer.toBytes());
        } else {
            String name = Character.toLowerCase(operation.charAt(0)) + operation.substring(1);
            for (Method method : client.getClass().getMethods()) {
                if (method.getName().equals(name)
                        && method.getParameterCount() == 1
                        && method.getParameterTypes()[0].isInstance(request)) {
                    method.setAccessible(true);
                    method.invoke(client, request);
                    return;
                }
            }
            throw new NoSuchMethodException(name);
        }
    }

    private Object client(String service) throws Exception {
        Object known = clients.get(service);
        if (known == null) {
            AwsClientBuilder<?, ?> builder = (AwsClientBuilder<?, ?>)
                    Class.forName(SERVICES + service + "Client").getMethod("builder").invoke(null);
            if (builder instanceof S3ClientBuilder) {
                ((S3ClientBuilder) builder).forcePathStyle(true);
            }
            builder.overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()));
            known = builder.build();
            clients.put(service, known);
        }
        return known;
    }

    // Requests from JSON, by the fields that each class of the SDK tells of itself.

    private static void fill(SdkPojo builder, Map<?, ?> input) {
        Map<Object, Object> rest = new HashMap<>(input);
        for (SdkField<?> field : builder.sdkFields()) {
            Object value = rest.containsKey(field.memberName())
                    ? rest.remove(field.memberName())
                    : rest.remove(field.locationName()); // CopyObject's DestinationBucket is Bucket on the wire
            if (value != null) {
                field.set(builder, value(field, value));
            }
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(builder.getClass() + " has no " + rest.keySet());
        }
    }

    private static Object value(SdkField<?> field, Object value) {
        MarshallingType<?> type = field.marshallingType();
        if (type == MarshallingType.SDK_POJO) {
            SdkPojo builder = field.constructor().get();
            fill(builder, (Map<?, ?>) value);
            return ((SdkBuilder<?, ?>) builder).build();
        }
        if (type == MarshallingType.SDK_BYTES) {
            return SdkBytes.fromByteArray(Base64.getDecoder().decode((String) ((Map<?, ?>) value).get("base64")));
        }
        if (type == MarshallingType.LIST) {
            List<Object> items = new ArrayList<>();
            for (Object item : (List<?>) value) {
                items.add(value(field.getTrait(ListTrait.class).memberFieldInfo(), item));
            }
            return items;
        }
        if (type == MarshallingType.MAP) {
            Map<String, Object> entries = new HashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                entries.put((String) entry.getKey(), value(field.getTrait(MapTrait.class).valueFieldInfo(), entry.getValue()));
            }
            return entries;
        }
        return value;
    }
}
