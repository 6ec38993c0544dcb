// file: com/fasterxml/jackson/databind/ObjectMapper.java
package com.fasterxml.jackson.databind;

public class ObjectMapper {
    public Object readTree(String text) { return new StringBuilder(text); }
}
// file: com/anthropic/core/JsonField.java
package com.anthropic.core;

public class JsonField<T> {}
// file: com/anthropic/core/JsonValue.java
package com.anthropic.core;

@SuppressWarnings("rawtypes")
public class JsonValue extends JsonField {
    public final String json;

    private JsonValue(String json) { this.json = json; }

    public static JsonValue from(Object value) {
        return new JsonValue(value instanceof String ? quoted((String) value) : value.toString());
    }

    public static String quoted(String text) {
        StringBuilder made = new StringBuilder("\"");
        for (char each : text.toCharArray()) made.append(String.format("\\u%04x", (int) each));
        return made.append('"').toString();
    }
}
// file: com/anthropic/core/http/StreamResponse.java
package com.anthropic.core.http;

import java.util.stream.Stream;

public class StreamResponse<T> implements AutoCloseable {
    public Stream<T> stream() { return Stream.empty(); }

    public void close() {}
}
// file: com/anthropic/client/AnthropicClient.java
package com.anthropic.client;

import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

public class AnthropicClient {
    public AnthropicClient messages() { return this; }

    public StreamResponse<RawMessageStreamEvent> createStreaming(MessageCreateParams params) throws Exception {
        Path path = Path.of(System.getenv("PROGRAMS"), "sent");
        Files.writeString(path, params.json + "\0", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new StreamResponse<>();
    }
}
// file: com/anthropic/client/okhttp/AnthropicOkHttpClient.java
package com.anthropic.client.okhttp;

import com.anthropic.client.AnthropicClient;

public class AnthropicOkHttpClient {
    public static AnthropicClient fromEnv() { return new AnthropicClient(); }

    public static Builder builder() { return new Builder(); }

    public static class Builder {
        public Builder apiKey(String key) { return this; }

        public Builder baseUrl(String url) { return this; }

        public AnthropicClient build() { return new AnthropicClient(); }
    }
}
// file: com/anthropic/models/messages/RawMessageStreamEvent.java
package com.anthropic.models.messages;

import java.util.Optional;

public class RawMessageStreamEvent {
    public Optional<Event> contentBlockDelta() { return Optional.empty(); }

    public static class Event {
        public Delta delta() { return new Delta(); }
    }

    public static class Delta {
        public Optional<Text> text() { return Optional.empty(); }
    }

    public static class Text {
        public String text() { return ""; }
    }
}
// file: com/anthropic/models/messages/MessageCreateParams.java
package com.anthropic.models.messages;

import com.anthropic.core.JsonField;
import com.anthropic.core.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

public class MessageCreateParams {
    public final String json;

    private MessageCreateParams(String json) { this.json = json; }

    public static Builder builder() { return new Builder(); }

    public static class MessageParam {}

    public static class Builder {
        private final Map<String, String> fields = new LinkedHashMap<>();
        private final List<String> messages = new ArrayList<>();
        private final List<String> stops = new ArrayList<>();

        private Builder put(String name, Object json) {
            fields.put(name, json.toString());
            return this;
        }

        private Builder add(String role, String text) {
            messages.add("{\"role\":\"" + role + "\",\"content\":" + JsonValue.quoted(text) + "}");
            return put("messages", messages);
        }

        public Builder model(String text) { return put("model", JsonValue.quoted(text)); }

        public Builder maxTokens(long count) { return put("max_tokens", count); }

        public Builder system(String text) { return put("system", JsonValue.quoted(text)); }

        public Builder addUserMessage(String text) { return add("user", text); }

        public Builder addAssistantMessage(String text) { return add("assistant", text); }

        public Builder messages(List<MessageParam> typed) { throw new IllegalArgumentException(); }

        public Builder messages(JsonField<List<MessageParam>> json) { return put("messages", ((JsonValue) (Object) json).json); }

        public Builder putAdditionalHeader(String name, String value) { return this; }

        public Builder putAdditionalBodyProperty(String name, JsonValue value) { return put(name, value.json); }

        public Builder addStopSequence(String text) {
            stops.add(JsonValue.quoted(text));
            return put("stop_sequences", stops);
        }

        public MessageCreateParams build() {
            put("stream", true);
            return new MessageCreateParams(fields.entrySet().stream()
                .map(each -> JsonValue.quoted(each.getKey()) + ":" + each.getValue())
                .collect(Collectors.joining(",", "{", "}")));
        }
    }
}
