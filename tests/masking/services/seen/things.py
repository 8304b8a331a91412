"""Devices, games, health, maps and language models."""

from tests.masking.services.shapes import (
    ANSWERED,
    CALL_ERROR,
    COMMAND,
    COOKIE,
    ENV,
    EVENT,
    FORM,
    HEADERS,
    INI,
    JSON,
    LOG,
    MULTIPART,
    PRINTED,
    URL,
    XML,
    YAML,
)  # fmt: skip

SERVICES = {
    "ThingsBoard": (
        URL("http://tb.example:8080/api/v1/⟦an20⟧/telemetry"),
        JSON(r"""{"token":"⟦jwt⟧","refreshToken":"⟦jwt⟧","scope":null}"""),
        JSON(
            r"""{"id":{"id":"«~uuid»"},"deviceId":{"id":"«~uuid»","entityType":"DEVICE"},"credentialsType":"ACCESS_TOKEN","credentialsId":"⟦an20⟧","credentialsValue":null}"""
        ),
        HEADERS("X-Authorization: Bearer ⟦jwt⟧\nContent-Type: application/json"),
        JSON(
            r"""{"status":401,"message":"Invalid username or password","errorCode":10,"timestamp":"2025-05-01T10:15:00.123+00:00"}"""
        ),
        COMMAND(
            'mosquitto_pub -d -q «1» -h "«tb.example»" -p «1883» -t "«v1/devices/me/telemetry»" -u "⟦an20⟧" -m \'{"temperature":«25»}\''
        ),
    ),
    "Home Assistant": (
        YAML(
            'http_password: ⟦pw⟧\nmqtt_password: ⟦pw⟧\nwifi_ssid: acme-iot\nwifi_password: "⟦pw⟧"\nlatitude: 52.52\nalarm_code: "⟦d4⟧"\n'
        ),
        YAML(
            'wifi:\n  ssid: acme-iot\n  password: "⟦pw⟧"\n  fast_connect: true\napi:\n  encryption:\n    key: "⟦base43+=⟧"\nota:\n  - platform: esphome\n    password: "⟦hex32⟧"\nlogger:\n  level: DEBUG\n'
        ),
        JSON(r"""{"type":"auth","access_token":"⟦jwt⟧"}"""),
        JSON(
            r"""{"id":18,"type":"event","event":{"event_type":"call_service","data":{"domain":"lock","service":"unlock","service_data":{"entity_id":"lock.front_door","code":"⟦d4⟧"}},"origin":"LOCAL","time_fired":"2025-05-01T10:15:00.123456+00:00","context":{"id":"01HX","user_id":"«~hex32»"}}}"""
        ),
        URL("https://ha.example/api/webhook/⟦hex64⟧?source=phone&battery=87"),
        LOG(
            "«2025-05-01 10:15:00.123» «WARNING» (MainThread) [«homeassistant.components.http.ban»] «Login attempt or request with invalid authentication from 10.0.0.7 (10.0.0.7). Requested URL: '/auth/login_flow/7f1c2a30'.»"
        ),
    ),
    "MQTT and Zigbee2MQTT": (
        YAML(
            "mqtt:\n  base_topic: zigbee2mqtt\n  server: mqtt://localhost:1883\n  user: z2m\n  password: ⟦pw⟧\nserial:\n  port: /dev/ttyUSB0\nadvanced:\n  channel: 11\n  pan_id: 6754\n  network_key: [⟦bytes16⟧]\n"
        ),
        PRINTED(
            "Client(client_id=b'«sensor-17»', userdata=None, protocol=«4», _host='«broker.example»', _port=«8883», _username=b'«iot»', _password=b'⟦pw⟧', _keepalive=«60», _clean_session=«True»)"
        ),
        LOG(
            "«1764000000»: New connection from «10.0.0.7:51515» on port «1883»: «Client sensor-17 disconnected, not authorised.»"
        ),
        LOG(
            "«[2025-05-01T10:15:00]» «DEBUG» mqtt connect clientId=«sensor-17» username=«iot» password=⟦pw⟧ keepalive=«60» cleanSession=«true» will.topic=«status/17»"
        ),
        COMMAND(
            "mosquitto_sub -h «broker.example» -p «8883» --cafile «/etc/ca.pem» -u «iot» -P '⟦pw⟧' -t '«sensors/#»' -v"
        ),
    ),
    "Steam and Roblox": (
        URL(
            "https://api.steampowered.com/ISteamUser/GetPlayerSummaries/v0002/?key=⟦uphex32⟧&steamids=76561197960435530&format=json"
        ),
        COOKIE(
            "steamLoginSecure=76561197960435530%7C%7C⟦jwt⟧; sessionid=⟦hex24⟧; steamCountry=DE%7C7f1c; timezoneOffset=3600,0; browserid=2893451234567"
        ),
        JSON(
            r"""{"response":{"params":{"result":"OK","steamid":"76561197960435530","ownersteamid":"76561197960435530","vacbanned":false,"publisherbanned":false}}}"""
        ),
        FORM("key=⟦uphex32⟧&appid=480&ticket=⟦uphex240⟧&identity=acme"),
        COOKIE(
            ".ROBLOSECURITY=⟦_|WARNING:-DO-NOT-SHARE-THIS.--Sharing-this-will-allow-someone-to-log-in-as-you-and-to-steal-your-ROBUX-and-items.|_|uphex300⟧; RBXSource=rbx_acquisition_time; GuestData=UserID=-1764; RBXEventTrackerV2=browserid=17"
        ),
        HEADERS(
            "x-api-key: ⟦base48⟧\nx-csrf-token: ⟦base12⟧\ncontent-md5: XrY7u+Ae7tCTyyK7j1rNww==\nroblox-entry-version: 08D9E6A3F2188CFF.0000000002.08D9E6A3F2188CFF.01"
        ),
    ),
    "Twitch and Spotify": (
        HEADERS(
            "Authorization: OAuth ⟦lan30⟧\nClient-Id: uo6dggojyb8d6soh92zknwmi5ej1q2\nTwitch-Eventsub-Message-Id: befa7b53-d79d-478f-86b9-120f112b044e\nTwitch-Eventsub-Message-Signature: ⟦sha256=|hex64⟧"
        ),
        JSON(
            r"""{"subscription":{"id":"f1c2a387-161a-49f9-a165-0f21d7a4e1c4","type":"channel.follow","version":"1","status":"enabled","cost":0,"condition":{"broadcaster_user_id":"12826"},"transport":{"method":"webhook","callback":"https://example.com/webhooks/callback"},"created_at":"2025-11-16T10:11:12.123Z"},"event":{"user_login":"jo","followed_at":"2025-11-16T10:11:12Z"}}"""
        ),
        JSON(r"""{"data":[{"id":"26301881-6bd4-40f1-abf1-10e5f0a3a7f9","stream_key":"⟦live_|d9+_+an30⟧"}]}"""),
        LOG(
            "«2025-05-01 10:15:00» > PASS oauth:⟦lan30⟧ > NICK «acmebot» < :tmi.twitch.tv NOTICE * :«Login authentication failed»"
        ),
        COOKIE("sp_dc=⟦url159⟧; sp_key=†4a1c; sp_landing=https%3A%2F%2Fopen.spotify.com; sp_m=de"),
        FORM(
            "grant_type=authorization_code&code=⟦AQ|url200⟧&redirect_uri=https%3A%2F%2Facme.example%2Fcb&code_verifier=⟦url64⟧"
        ),
    ),
    "FHIR": (
        EVENT(
            r"""{"resourceType":"Patient","id":"example","meta":{"versionId":"1","lastUpdated":"2025-05-01T10:15:00Z"},"identifier":[{"use":"usual","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"urn:oid:1.2.36.146.595.217.0.1","value":"12345"}],"active":true,"gender":"male"}"""
        ),
        EVENT(
            r"""{"resourceType":"Subscription","id":"example","status":"requested","reason":"Monitor new neonatal function","criteria":"Observation?code=http://loinc.org|1975-2","channel":{"type":"rest-hook","endpoint":"https://biliwatch.example/on-result","payload":"application/fhir+json","header":["Authorization: Bearer ⟦jwt⟧"]}}"""
        ),
        JSON(
            r"""{"access_token":"⟦jwt⟧","token_type":"bearer","expires_in":300,"scope":"launch/patient patient/*.read","patient":"123","need_patient_banner":true,"smart_style_url":"https://ehr.example/styles/smart_v1.json","encounter":"456"}"""
        ),
        URL("https://app.example/after-auth?code=⟦an40⟧&state=†98wrghuwuogerg97"),
        JSON(
            r"""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"login","details":{"text":"The token has expired"},"diagnostics":"Bearer token expired at 2025-05-01T10:15:00Z"}]}"""
        ),
        XML(
            r"""<Bundle xmlns="http://hl7.org/fhir"><id value="bundle-references"/><type value="searchset"/><total value="3"/><link><relation value="next"/><url value="https://ehr.example/fhir/Patient?_getpages=7f1c2a30&amp;_offset=20"/></link><entry><resource><Endpoint><status value="active"/><connectionType><code value="hl7-fhir-rest"/></connectionType><address value="https://lab.example/fhir"/><header value="Authorization: Bearer ⟦jwt⟧"/></Endpoint></resource></entry></Bundle>"""
        ),
    ),
    "Mapbox and HERE": (
        URL("https://api.mapbox.com/tokens/v2/acme?access_token=⟦sk.eyJ|url100+.+url22⟧&limit=10"),
        FORM(
            "grant_type=client_credentials&oauth_consumer_key=†x&oauth_nonce=†LIIpk4&oauth_signature=⟦an43⟧%3D&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1764000000&oauth_version=1.0"
        ),
        INI(
            "here.user.id = HERE-5f1d7a3b\nhere.client.id = AbCdEf123\nhere.access.key.id = †abc\nhere.access.key.secret = ⟦url86⟧\nhere.token.endpoint.url = https://account.api.here.com/oauth2/token\n"
        ),
        URL(
            "https://router.hereapi.com/v8/routes?transportMode=car&origin=52.5308,13.3847&return=summary&apikey=⟦url43⟧"
        ),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="account"\r\n\r\n«acme»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n⟦sk.eyJ|url100+.+url22⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="tileset"; filename="«cities.geojson»"\r\nContent-Type: application/json\r\n\r\n{"type":"«FeatureCollection»","features":[]}\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="minzoom"\r\n\r\n«4»\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Cohere and Mistral": (
        JSON(
            r"""{"response_id":"c14c80c3-18eb-4519-9460-6c92edd8cfb4","generation_id":"7f1c","text":"LLMs stand for Large Language Models","finish_reason":"COMPLETE","meta":{"api_version":{"version":"1"},"billed_units":{"input_tokens":17,"output_tokens":12},"tokens":{"input_tokens":74,"output_tokens":12}}}"""
        ),
        JSON(
            r"""{"id":"cmpl-e5cc70bb28c444948073e77776eb30ef","object":"chat.completion","model":"mistral-small-latest","usage":{"prompt_tokens":16,"completion_tokens":34,"total_tokens":50},"created":1702256327,"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","tool_calls":[{"id":"D681PevKs","function":{"name":"get_secret_santa","arguments":"{}"}}]}}]}"""
        ),
        JSON(r"""{"message":"invalid api token"}"""),
        PRINTED(
            "MistralClient(api_key='⟦an32⟧', endpoint='«https://api.mistral.ai»', max_retries=«5», timeout=«120», max_concurrent_requests=«64», max_tokens=«512»)"
        ),
        ENV(
            "COHERE_API_KEY=⟦an40⟧\nCO_API_URL=https://api.cohere.com\nMISTRAL_API_KEY=⟦an32⟧\nLLM_MAX_TOKENS=1024\nLLM_TOKENIZER=cl100k_base\n"
        ),
    ),
    "Replicate and ElevenLabs": (
        HEADERS(
            "Authorization: Token ⟦r8_|an37⟧\nPrefer: wait=60\nwebhook-id: msg_2mF1c\nwebhook-signature: ⟦v1,|base43+=⟧"
        ),
        HEADERS("xi-api-key: ⟦sk_|hex48⟧\nAccept: audio/mpeg\nContent-Type: application/json"),
        JSON(
            r"""{"id":"gm3qorzdhgbfurvjtvhg6dckhu","version":"5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa","input":{"text":"Alice","max_tokens":128},"logs":"Using seed: 1234","error":null,"status":"starting","created_at":"2025-09-10T09:44:22.165836Z","urls":{"cancel":"https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu/cancel","get":"https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu"}}"""
        ),
        JSON(r"""{"key":"⟦whsec_|base32⟧"}"""),
        MULTIPART(
            '--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="xi-api-key"\r\n\r\n⟦sk_|hex48⟧\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="name"\r\n\r\n«Narrator»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="files"; filename="«sample.txt»"\r\nContent-Type: text/plain\r\n\r\n«one two three»\r\n--x7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="labels"; filename="«labels.json»"\r\nContent-Type: application/json\r\n\r\n{"accent": "«german»"}\r\n--x7MA4YWxkTrZu0gW--\r\n'
        ),
    ),
    "Bedrock": (
        JSON(
            r"""{"modelId":"anthropic.claude-3-sonnet-20240229-v1:0","contentType":"application/json","inferenceConfig":{"maxTokens":512,"temperature":0.5,"topP":0.9,"stopSequences":["END"]}}"""
        ),
        ANSWERED(
            "x-amzn-bedrock-input-token-count: 17\nx-amzn-bedrock-output-token-count: 212\nx-amzn-bedrock-invocation-latency: 1734\nx-amzn-requestid: 7f1c2a30-1df5-4a40-9d5e-5f1d7a3b9c11"
        ),
        HEADERS(
            "Authorization: Bearer ⟦ABSK|base128⟧\nX-Amzn-Bedrock-PerformanceConfig-Latency: optimized\nX-Amzn-Bedrock-Trace: ENABLED"
        ),
        CALL_ERROR(
            "ThrottlingException: An error occurred (ThrottlingException) when calling the InvokeModel operation (reached max retries: «4»): «Too many tokens, please wait before trying again.»"
        ),
    ),
}
