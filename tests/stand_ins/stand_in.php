<?php
// Stands in for the SDK: keeps what its methods are handed, and carries out every program of a folder.
namespace Anthropic\Messages {
    class RawContentBlockDeltaEvent {}
    class TextDelta {}
}

namespace Anthropic {
    class Client
    {
        public static array $sent = [];
        public $messages;
        private array $client;

        public function __construct(?string $apiKey = null, ?string $authToken = null, ?string $webhookKey = null, ?string $baseUrl = null)
        {
            $this->messages = $this;
            $this->client = array_filter(compact('apiKey', 'authToken', 'baseUrl'), fn ($each) => $each !== null);
        }

        public function createStream(int $maxTokens, array $messages, string $model, ?array $stopSequences = null, ?string $system = null, ?array $requestOptions = null): array
        {
            $named = ['max_tokens' => $maxTokens, 'messages' => $messages, 'model' => $model];
            $named += array_filter(['stop_sequences' => $stopSequences, 'system' => $system], fn ($each) => $each !== null);
            $body = [...$named, ...($requestOptions['extraBodyParams'] ?? []), 'stream' => true];
            self::$sent[] = [(object) $this->client, $body, (object) ($requestOptions['extraHeaders'] ?? [])];

            return [];
        }
    }
}

namespace {
    $folder = getenv('PROGRAMS');
    set_include_path("$folder/library");
    foreach (array_keys(json_decode(file_get_contents("$folder/programs.json"))) as $at) {
        ob_start();
        include "$folder/$at.php";
        ob_end_clean();
    }
    file_put_contents("$folder/sent.json", json_encode(\Anthropic\Client::$sent, JSON_THROW_ON_ERROR));
}
